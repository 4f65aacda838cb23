#include "device_adapter/lists/nonvolatile_memory.hpp"

#include <algorithm>
#include <numeric>

namespace remotemail {

MemoryImage memory_image(const MachineLife& life) {
  MemoryImage image;
  image.fill(0xFF);
  const std::span<std::uint8_t> all(image);
  for (const MemoryField& field : memory_fields()) {
    const auto place = all.subspan(field.address, std::size_t{field.size} * field.count);
    std::ranges::fill(place, std::uint8_t{0});
    field.write(life, place);
  }
  for (std::size_t block = 0; block < kMemoryBlocks; ++block) {
    const auto bytes = all.subspan(block * kMemoryBlockBytes, kMemoryBlockBytes);
    const std::uint16_t crc = crc16(bytes.first(kMemoryBlockBytes - 2));
    bytes[kMemoryBlockBytes - 2] = static_cast<std::uint8_t>(crc >> 8U);
    bytes[kMemoryBlockBytes - 1] = static_cast<std::uint8_t>(crc & 0xFFU);
  }
  return image;
}

std::uint16_t crc16(std::span<const std::uint8_t> bytes, std::uint16_t before) {
  std::uint32_t crc = before;
  for (const std::uint8_t byte : bytes) {
    crc ^= static_cast<std::uint32_t>(byte) << 8U;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 0x8000U) != 0 ? crc << 1U ^ 0x1021U : crc << 1U;
    crc &= 0xFFFFU;
  }
  return static_cast<std::uint16_t>(crc);
}

std::uint8_t line_checksum(std::span<const std::uint8_t> line) {
  return static_cast<std::uint8_t>(0x100U - (std::accumulate(line.begin(), line.end(), 0U) & 0xFFU));
}

}  // namespace remotemail
