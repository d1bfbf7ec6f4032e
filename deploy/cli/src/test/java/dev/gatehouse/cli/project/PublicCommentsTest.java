package dev.gatehouse.cli.project;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.Modifier;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** Whatever other code may call says what it is. */
class PublicCommentsTest {
  private static final Path ROOT = Path.of(System.getProperty("gatehouse.root"));

  @Test
  void shouldSayOfEveryPublicElementWhatItIs() throws IOException {
    List<Path> sources = sources();
    assertThat(sources).hasSizeGreaterThan(300);

    assertThat(withoutComment(sources)).isEmpty();
  }

  private static List<Path> sources() throws IOException {
    try (var files = Files.walk(ROOT)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> relative(file).contains("src/main/java/"))
          .toList();
    }
  }

  private static String relative(Path file) {
    return ROOT.relativize(file).toString().replace('\\', '/');
  }

  private static List<String> withoutComment(List<Path> sources) throws IOException {
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, files, null, null, null, files.getJavaFileObjectsFromPaths(sources));
      Missing missing = new Missing(DocTrees.instance(task));
      for (CompilationUnitTree unit : task.parse()) {
        missing.scan(unit, null);
      }
      return missing.found;
    }
  }

  /** Walks what is public or protected and goes no deeper where something is not. */
  private static final class Missing extends TreePathScanner<Void, Void> {
    private final DocTrees comments;
    private final List<String> found = new ArrayList<>();

    Missing(DocTrees comments) {
      this.comments = comments;
    }

    @Override
    public Void visitClass(ClassTree tree, Void nothing) {
      return isSeen(tree.getModifiers()) && isCommented(tree.getSimpleName())
          ? super.visitClass(tree, null)
          : null;
    }

    @Override
    public Void visitMethod(MethodTree tree, Void nothing) {
      boolean inherits =
          tree.getModifiers().getAnnotations().stream()
              .anyMatch(a -> a.getAnnotationType().toString().equals("Override"));
      if (isSeen(tree.getModifiers()) && !inherits) {
        isCommented(tree.getName());
      }
      return null;
    }

    @Override
    public Void visitVariable(VariableTree tree, Void nothing) {
      if (isSeen(tree.getModifiers())) {
        isCommented(tree.getName());
      }
      return null;
    }

    private boolean isSeen(ModifiersTree modifiers) {
      Set<Modifier> flags = modifiers.getFlags();
      Tree parent = getCurrentPath().getParentPath().getLeaf();
      boolean inInterface = parent.getKind() == Tree.Kind.INTERFACE;
      return flags.contains(Modifier.PUBLIC)
          || flags.contains(Modifier.PROTECTED)
          || (inInterface && !flags.contains(Modifier.PRIVATE));
    }

    private boolean isCommented(CharSequence name) {
      TreePath path = getCurrentPath();
      if (comments.getDocComment(path) != null) {
        return true;
      }
      CompilationUnitTree unit = path.getCompilationUnit();
      String file = relative(Path.of(unit.getSourceFile().toUri()));
      long start = comments.getSourcePositions().getStartPosition(unit, path.getLeaf());
      found.add(file + ":" + unit.getLineMap().getLineNumber(start) + " " + name);
      return false;
    }
  }
}
