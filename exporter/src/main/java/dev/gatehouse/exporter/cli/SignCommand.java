package dev.gatehouse.exporter.cli;

import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.ManifestSignature;
import dev.gatehouse.proto.cli.ExitCode;
import dev.gatehouse.proto.cli.Output;
import dev.gatehouse.proto.signature.SigningKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sign}: a signature beside a bundle's manifest, or a key to make some with. */
@Command(
    name = "sign",
    mixinStandardHelpOptions = true,
    description = {
      "Signs a bundle with a private key of Ed25519: whoever has the public key can tell by",
      "verify --public-key and serve --trusted-key that it is yours and unchanged.",
      "With --new-key it makes such a pair: FILE for you alone, FILE.pub for everybody."
    },
    footer = {
      "",
      "Examples:",
      "  gatehouse sign --new-key release.pem",
      "  gatehouse sign models/strokes/1 --key release.pem",
      "  gatehouse verify models/strokes/1 --public-key release.pem.pub"
    })
public final class SignCommand implements Callable<Integer> {
  @Mixin private Output output = new Output();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "BUNDLE",
      arity = "0..1",
      description = "The bundle's folder, NAME/VERSION.")
  private @Nullable Path bundle;

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = "The private key, PKCS #8 in PEM; openssl's are taken too.")
  private @Nullable Path key;

  @Option(
      names = "--new-key",
      paramLabel = "FILE",
      description = "Make a key: the private one in FILE, the public one in FILE.pub.")
  private @Nullable Path newKey;

  @Override
  public Integer call() throws IOException {
    if (newKey != null) {
      if (bundle != null) {
        throw new ParameterException(
            spec.commandLine(), "--new-key makes a key and signs nothing; leave BUNDLE out");
      }
      return make(newKey);
    }
    if (bundle == null || key == null) {
      throw new ParameterException(
          spec.commandLine(), "name a BUNDLE and its --key, or a --new-key to make one");
    }
    return sign(bundle, key);
  }

  private int make(Path file) throws IOException {
    SigningKey made = SigningKey.generate();
    made.write(file);
    String fingerprint = made.verifyingKey().fingerprint();
    Path open = SigningKey.publicFile(file);
    output.text("private key  " + file + ", for your eyes alone");
    output.text("public key   " + open + ", for whoever verifies or serves");
    output.text("fingerprint  " + fingerprint);
    output.result(new Made(file.toString(), open.toString(), fingerprint));
    return ExitCode.OK;
  }

  private int sign(Path folder, Path keyFile) throws IOException {
    SigningKey with = SigningKey.read(keyFile);
    if (SigningKey.isOpenToOthers(keyFile)) {
      output.note("gatehouse: " + keyFile + " can be read by others: chmod 600 " + keyFile);
    }
    ManifestSignature signature = ManifestSignature.sign(Bundle.open(folder), with);
    Path file = folder.resolve(ManifestSignature.FILE);
    output.text(folder + ": the files match their checksums; signed by " + signature.key());
    output.text("signature: " + file);
    output.result(new Signed(folder.toString(), file.toString(), signature.key()));
    return ExitCode.OK;
  }

  private record Made(String privateKey, String publicKey, String fingerprint) {}

  private record Signed(String bundle, String signature, String signedBy) {}
}
