// Texts of the operation panel. The names of the modes and menus are the manual's.
#include "web/texts.hpp"

namespace remotemail::web {
namespace {

constexpr TextEntry kTexts[] = {
    {"panel.title", "Operation panel"},
    {"panel.display", "Display"},
    {"panel.mail", "E-mail notification"},
    {"panel.mail.on", "on"},
    {"panel.mail.off", "off"},
    {"panel.keys", "Keys"},
    {"panel.key_pad", "Key pad"},
    {"panel.modes", "Modes"},
    {"panel.back", "Back"},
    {"panel.ok", "OK"},

    // --- the first display ---
    {"panel.ready", "Ready to copy."},
    {"panel.dark.main", "The display is dark: the main power switch is off."},
    {"panel.dark.sub", "The display is dark: the sub power switch is off."},
    {"panel.dark.shut_off", "The display is dark: the machine has shut itself off. Wake it to go on."},
    {"panel.jam", "Clear the paper jam, then go on copying. Lists and answers by mail go on meanwhile."},
    {"panel.service_call", "Call for service. Lists and answers by mail go on meanwhile."},
    {"panel.low_power",
     "Low power. Start, or the key Wake, brings it back; a mail is answered without waking it."},
    {"panel.copies", "Copies"},
    {"panel.total", "Total count"},
    {"panel.serial", "Serial number"},
    {"panel.address", "IP address"},
    {"panel.key.start", "Start"},
    {"panel.key.clear", "Clear"},
    {"panel.key.reset", "Reset"},
    {"panel.key.ten", "Make 10 copies"},
    {"panel.copies.most", "A copy job has 1 to 9999 copies."},

    // --- what else can be done to the machine ---
    {"panel.power", "Power switches"},
    {"panel.power.what",
     "On the side of the machine. With one of them off, no mail is fetched or sent; what arrives waits."},
    {"panel.power.main", "Main power switch"},
    {"panel.power.sub", "Sub power switch"},
    {"panel.power.on", "on"},
    {"panel.power.off", "off"},
    {"panel.turn.main_on", "Turn the main power switch on"},
    {"panel.turn.main_off", "Turn the main power switch off"},
    {"panel.turn.sub_on", "Turn the sub power switch on"},
    {"panel.turn.sub_off", "Turn the sub power switch off"},
    {"panel.happens", "What happens to the machine"},
    {"panel.happens.what",
     "This copier is simulated, so its troubles come when they are called. The next list, printed or mailed, tells of them."},
    {"panel.do.jam", "Cause a paper jam"},
    {"panel.do.clear_jam", "Clear the paper jam"},
    {"panel.do.sc", "Cause a service call (SC)"},
    {"panel.do.clear_sc", "Clear the service call"},
    {"panel.do.low_power", "Go to low power"},
    {"panel.do.shut_off", "Shut off"},
    {"panel.do.wake", "Wake"},
    {"panel.refused", "Not done:"},
    {"panel.done.copies", "The copies were made."},
    {"panel.done.main-on", "The main power switch was turned on."},
    {"panel.done.main-off", "The main power switch was turned off."},
    {"panel.done.sub-on", "The sub power switch was turned on."},
    {"panel.done.sub-off", "The sub power switch was turned off."},
    {"panel.done.jam", "Paper has jammed."},
    {"panel.done.clear", "The machine is ready again."},
    {"panel.done.sc", "The machine asks for service."},
    {"panel.done.low-power", "The machine went to low power."},
    {"panel.done.shut-off", "The machine shut itself off."},
    {"panel.done.ip", "Stored. It counts after power OFF/ON."},
    {"panel.done.password", "The key operator password was set. It opens the Environment setup pages, too."},

    // --- key operator mode ---
    {"panel.key_operator", "Key operator mode"},
    {"panel.system", "System initial setting"},
    {"panel.select", "Select with the key pad, or touch the line."},
    {"panel.ip", "IP address setting"},
    {"panel.ip.what", "The panel shows the address; these pages stay where they are."},
    {"panel.ip.now", "Now"},
    {"panel.ip.next", "After power OFF/ON"},
    {"panel.ip.address", "IP address"},
    {"panel.ip.mask", "Subnet mask"},
    {"panel.ip.gateway", "Gateway address"},
    {"panel.ip.address.help", "Of the copier. Example: 192.168.1.20"},
    {"panel.ip.mask.help", "Ones, then zeros. Example: 255.255.255.0"},
    {"panel.ip.gateway.help", "Must lie in the subnet. Example: 192.168.1.1"},
    {"panel.email", "E-mail transmission setting"},
    {"panel.email.what",
     "The settings of the Environment setup page. What was changed there meanwhile is shown with both values."},

    // --- 25 mode ---
    {"panel.25", "25 mode"},
    {"panel.25.what",
     "Key operator password: it opens the Environment setup pages and the e-mail transmission setting of this panel."},
    {"panel.25.factory", "It is still the factory value."},
    {"panel.25.set", "It was chosen; the factory value does not count any more."},
    {"panel.25.current", "Present key operator password"},
    {"panel.25.current.help", "The factory value 0000 has to be typed, too."},
    {"panel.25.new", "New key operator password"},
    {"panel.25.new.help", "1 to 20 ASCII characters without a blank; not a factory value."},
    {"panel.25.again", "New key operator password, once more"},

    // --- 36 mode ---
    {"panel.36", "36 mode"},
    {"panel.36.what", "List Output Mode: prints what a mail with GETLOG would bring."},
    {"panel.36.sheet", "Printed sheet"},
    {"panel.36.which", "Choose one of the lists."},
};

}  // namespace

std::span<const TextEntry> panel_texts() {
  return kTexts;
}

}  // namespace remotemail::web
