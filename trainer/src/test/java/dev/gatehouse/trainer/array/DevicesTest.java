package dev.gatehouse.trainer.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import dev.gatehouse.proto.BadInput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DevicesTest {
  @Test
  void shouldFindTheDevicesOfAMachine() {
    assertThat(Devices.named("cpu", 0)).isEqualTo(Device.cpu());
    assertThat(Devices.named("gpu", 2)).isEqualTo(Device.gpu(0));
    assertThat(Devices.named("gpu:1", 2)).isEqualTo(Device.gpu(1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gpu | 0 | device gpu: PyTorch finds no GPU here; take --device cpu, or see",
        "gpu:1 | 0 | device gpu:1: PyTorch finds no GPU here; take --device cpu, or see",
        "gpu:2 | 2 | device gpu:2: the GPUs here are gpu:0 to gpu:1; or take --device cpu",
        "cuda | 1 | device must be cpu, gpu or gpu:N; device=cuda",
        "gpu:-1 | 1 | device must be cpu, gpu or gpu:N; device=gpu:-1"
      })
  void shouldSayInOneLineWhatThereIs(String name, int gpus, String expected) {
    assertThatThrownBy(() -> Devices.named(name, gpus))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith(expected);
  }
}
