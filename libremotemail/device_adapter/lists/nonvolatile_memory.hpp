// The copier's non-volatile memory: what stands where, and its bytes (L).
//
// Big-endian. Blocks of 256 bytes; the last two bytes of each hold the CRC-16 of the 254 before them. Bytes in
// no field are FF. Names and codes of accounts are kept elsewhere: no list shows them byte by byte.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "device_adapter/machine_life.hpp"

namespace remotemail {

inline constexpr std::size_t kMemoryBlocks = 7, kMemoryBlockBytes = 256, kMemoryLineBytes = 16;
inline constexpr std::size_t kMemoryBytes = kMemoryBlocks * kMemoryBlockBytes;
using MemoryImage = std::array<std::uint8_t, kMemoryBytes>;

enum class MemoryForm : std::uint8_t {
  ascii,    // padded with blanks
  date,     // binary coded decimal, YYYYMMDD; zeros: none
  number,   // unsigned
  numbers,  // several, unsigned
  values,   // several, signed, two's complement
  bits,     // switch 1 is the lowest bit of the first byte
};

struct MemoryField {
  std::string_view code;
  std::uint16_t address;
  std::uint8_t size;   // bytes of one value
  std::uint8_t count;  // how many values stand one behind another
  MemoryForm form;
  std::string_view holds;
  std::string_view same_as;  // where a list shows the same: "C-01"
  // Puts the values at `out`, size * count bytes of it.
  void (*write)(const MachineLife&, std::span<std::uint8_t> out);
};
std::span<const MemoryField> memory_fields();  // nonvolatile_memory_map.cpp; by address
// The addresses of the lines that hold a field or a checksum; all others are FF throughout.
std::span<const std::uint16_t> memory_lines_in_use();
extern const std::array<std::string_view, kMemoryBlocks> kMemoryBlockNames;

MemoryImage memory_image(const MachineLife&);

// CRC-16/CCITT-FALSE: polynomial 1021, start FFFF, not reflected. `before`: what came out of the bytes before.
std::uint16_t crc16(std::span<const std::uint8_t> bytes, std::uint16_t before = 0xFFFF);
// What makes the sum of a line and its checksum zero modulo 256.
std::uint8_t line_checksum(std::span<const std::uint8_t> line);

}  // namespace remotemail
