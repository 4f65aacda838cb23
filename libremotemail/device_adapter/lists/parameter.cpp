#include <fmt/format.h>

#include "core/text.hpp"
#include "device_adapter/lists/list_layout.hpp"
#include "device_adapter/lists/list_table.hpp"
#include "device_adapter/lists/nonvolatile_memory.hpp"
#include "device_adapter/lists/user_settings.hpp"

namespace remotemail {
namespace {

// What the list is made of, worked out once.
struct Memory {
  MemoryImage image;
  MemorySwitches switches;
};
using Cells = ColumnLayoutOf<Memory>;

std::string hex_bytes(std::span<const std::uint8_t> bytes) {
  return fmt::format("{:02X}", fmt::join(bytes, " "));
}
std::string hex_word(std::size_t word) {
  return fmt::format("{:04X}", word);
}

// The blocks without their checksums, and all of them as one row more. (The checksum of bytes with their
// checksums behind them would be the same on every machine.)
struct BlockView {
  std::size_t first, last;
  std::string_view holds;
};
BlockView block_view(std::size_t row) {
  if (row == kMemoryBlocks) return {0, kMemoryBytes - 3, "all blocks, without the checksums"};
  return {row * kMemoryBlockBytes, (row + 1) * kMemoryBlockBytes - 3, kMemoryBlockNames[row]};
}
std::uint16_t computed(const MemoryImage& image, std::size_t row) {
  const auto block = [&image](std::size_t number) {
    return std::span(image).subspan(number * kMemoryBlockBytes, kMemoryBlockBytes - 2);
  };
  if (row < kMemoryBlocks) return crc16(block(row));
  std::uint16_t crc = crc16({});
  for (std::size_t number = 0; number < kMemoryBlocks; ++number) crc = crc16(block(number), crc);
  return crc;
}
std::string stored_crc(const Memory& memory, std::size_t row) {
  if (row == kMemoryBlocks) return {};
  const std::size_t at = (row + 1) * kMemoryBlockBytes - 2;
  return hex_word(memory.image[at] * std::size_t{256} + memory.image[at + 1]);
}
std::string computed_crc(const Memory& memory, std::size_t row) {
  return hex_word(computed(memory.image, row));
}
std::string block_verdict(const Memory& memory, std::size_t row) {
  if (row == kMemoryBlocks) return {};
  return stored_crc(memory, row) == computed_crc(memory, row) ? "good" : "BAD";
}
constexpr Cells kBlockColumns[] = {
    {"From",
     Column::Kind::hex,
     {},
     [](const Memory&, std::size_t row) { return hex_word(block_view(row).first); }},
    {"To",
     Column::Kind::hex,
     {},
     [](const Memory&, std::size_t row) { return hex_word(block_view(row).last); }},
    {"Holds",
     Column::Kind::text,
     {},
     [](const Memory&, std::size_t row) { return std::string(block_view(row).holds); }},
    {"CRC-16 stored", Column::Kind::hex, {}, stored_crc},
    {"computed", Column::Kind::hex, {}, computed_crc},
    {"Check", Column::Kind::text, {}, block_verdict},
};

constexpr std::size_t kSwitchBanks = kMemorySwitches / 8;
template <unsigned kBit>
std::string switch_bit(const Memory& memory, std::size_t bank) {
  return (std::uint32_t{memory.switches[bank]} >> kBit & 1U) != 0 ? "1" : "0";
}
constexpr Cells kSwitchColumns[] = {
    {"Numbers",
     Column::Kind::text,
     {},
     [](const Memory&, std::size_t bank) { return fmt::format("{}-{}", bank * 8 + 1, bank * 8 + 8); }},
    {"1st", Column::Kind::count, {}, switch_bit<0>},
    {"2nd", Column::Kind::count, {}, switch_bit<1>},
    {"3rd", Column::Kind::count, {}, switch_bit<2>},
    {"4th", Column::Kind::count, {}, switch_bit<3>},
    {"5th", Column::Kind::count, {}, switch_bit<4>},
    {"6th", Column::Kind::count, {}, switch_bit<5>},
    {"7th", Column::Kind::count, {}, switch_bit<6>},
    {"8th", Column::Kind::count, {}, switch_bit<7>},
    {"Hex",
     Column::Kind::hex,
     {},
     [](const Memory& memory, std::size_t bank) { return fmt::format("{:02X}", memory.switches[bank]); }},
};

std::array<std::uint8_t, kMemoryLineBytes> dump_line(const Memory& memory, std::size_t row) {
  std::array<std::uint8_t, kMemoryLineBytes> line{};
  for (std::size_t i = 0; i < line.size(); ++i) line[i] = memory.image[memory_lines_in_use()[row] + i];
  return line;
}
std::string dump_text(const Memory& memory, std::size_t row) {
  std::string text = "|";
  for (const std::uint8_t byte : dump_line(memory, row)) {
    const char c = static_cast<char>(byte);
    text += is_printable(c) ? c : '.';
  }
  return text + "|";
}
constexpr Cells kDumpColumns[] = {
    {"Address",
     Column::Kind::hex,
     {},
     [](const Memory&, std::size_t row) { return hex_word(memory_lines_in_use()[row]); }},
    {"Bytes",
     Column::Kind::hex,
     {},
     [](const Memory& memory, std::size_t row) { return hex_bytes(dump_line(memory, row)); }},
    {"ASCII", Column::Kind::text, {}, dump_text},
    {"Sum",
     Column::Kind::hex,
     {},
     [](const Memory& memory, std::size_t row) {
       return fmt::format("{:02X}", line_checksum(dump_line(memory, row)));
     }},
};

std::string_view form_words(MemoryForm form) {
  switch (form) {
    case MemoryForm::ascii:
      return "ASCII";
    case MemoryForm::date:
      return "BCD date";
    case MemoryForm::number:
    case MemoryForm::numbers:
      return "unsigned";
    case MemoryForm::values:
      return "signed";
    case MemoryForm::bits:
      return "bits";
  }
  return {};
}
std::string field_value(const Memory& memory, std::size_t row) {
  const MemoryField& field = memory_fields()[row];
  const auto bytes = std::span(memory.image).subspan(field.address, std::size_t{field.size} * field.count);
  switch (field.form) {
    case MemoryForm::ascii:
      return std::string(trim(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size())));
    case MemoryForm::date:
      return bytes[0] == 0
                 ? std::string("none")
                 : fmt::format("{:02X}{:02X}-{:02X}-{:02X}", bytes[0], bytes[1], bytes[2], bytes[3]);
    case MemoryForm::number: {
      std::uint64_t value = 0;
      for (const std::uint8_t byte : bytes) value = value << 8U | byte;
      return count_cell(value);
    }
    case MemoryForm::numbers:
    case MemoryForm::values:
    case MemoryForm::bits:
      return {};
  }
  return {};
}
std::string field_size(const Memory&, std::size_t row) {
  const MemoryField& field = memory_fields()[row];
  return field.count == 1 ? count_cell(field.size) : fmt::format("{} x {}", field.count, field.size);
}
constexpr Cells kMapColumns[] = {
    {"Address",
     Column::Kind::hex,
     {},
     [](const Memory&, std::size_t row) { return hex_word(memory_fields()[row].address); }},
    {"Bytes", Column::Kind::text, {}, field_size},
    {"Form",
     Column::Kind::text,
     {},
     [](const Memory&, std::size_t row) { return std::string(form_words(memory_fields()[row].form)); }},
    {"Holds",
     Column::Kind::text,
     {},
     [](const Memory&, std::size_t row) { return std::string(memory_fields()[row].holds); }},
    {"Now", Column::Kind::text, {}, field_value},
    {"Same as",
     Column::Kind::text,
     {},
     [](const Memory&, std::size_t row) { return std::string(memory_fields()[row].same_as); }},
};

constexpr SectionLayoutOf<Memory> kSections[] = {
    {"Blocks of the non-volatile memory", kBlockColumns, [](const Memory&) { return kMemoryBlocks + 1; },
     [](const Memory&, std::size_t row) {
       return row == kMemoryBlocks ? std::string("B-ALL") : fmt::format("B-{}", row);
     },
     "CRC-16: polynomial 1021, start FFFF; stored in the two bytes behind each block. BAD: what the block holds "
     "is lost."},
    {"Operator switches", kSwitchColumns, [](const Memory&) { return kSwitchBanks; },
     [](const Memory&, std::size_t bank) { return numbered_code("O", bank + 1); },
     "1: on, 0: off. The user management list names them: memory switches 1 to 24."},
    {"What stands where", kMapColumns, [](const Memory&) { return memory_fields().size(); },
     [](const Memory&, std::size_t row) { return std::string(memory_fields()[row].code); },
     "Same as: list (its option of GETLOG) and row that show the same. Highest byte first. Signed "
     "values are in units of the last digit that the adjustment data list shows."},
    {"Non-volatile memory", kDumpColumns, [](const Memory&) { return memory_lines_in_use().size(); },
     [](const Memory&, std::size_t row) { return "N-" + hex_word(memory_lines_in_use()[row]); },
     "Sum: with it the 16 bytes add up to 0 modulo 256. Lines that are not shown are in no use: FF throughout. "
     "Names and codes of accounts are kept in another memory."},
};
constexpr ListLayoutOf<Memory> kParameterLayout{ListId::parameter, kSections};

}  // namespace

DeviceList make_parameter_list(const MachineLife& life) {
  return build_list(kParameterLayout, Memory{memory_image(life), memory_switches(life.seed)});
}

}  // namespace remotemail
