#include "device_adapter/counters.hpp"

namespace remotemail {

void Counters::count(const OfficeJob& job) {
  const std::uint64_t sides = job.sides(), both = job.turned(), sheets = job.sheets();
  at(Counter::total) += sides;
  at(Counter::pm) += sides;
  at(job.print ? Counter::print : Counter::copy) += sides;
  at(Counter::duplex) += both;
  at(job.print ? Counter::duplex_print : Counter::duplex_copy) += both;
  if (!job.print) at(job.from_adf ? Counter::adf_originals : Counter::platen_originals) += job.originals;
  at(Counter::fed) += sheets;
  at(Counter::tray1, job.tray) += sheets;
  at(Counter::exit_main, job.exit) += sides;
  at(Counter::a3, job.paper) += sides;
  if (job.staples_per_set > 0) at(Counter::stapled) += job.sets;
  at(Counter::staples) += std::uint64_t{job.staples_per_set} * job.sets;
  if (job.punched) at(Counter::punched) += sheets;
  if (job.with_key_counter) at(Counter::key) += sides;
  if (job.account == 0) return;
  at(Counter::ekc) += sides;
  at(job.print ? Counter::ekc_print : Counter::ekc_copy) += sides;
}

void Counters::count_jam(JamPlace place) {
  ++at(Counter::jams);
  ++at(Counter::jams_feed, place);
}

void Counters::do_pm() {
  at(Counter::pm) = 0;
  ++at(Counter::pms_done);
}

}  // namespace remotemail
