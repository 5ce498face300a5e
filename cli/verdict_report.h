#pragma once
// The four-way table, for readers and for machines.
#include <string>

#include "cli/terminal.h"
#include "scenarios/four_verdicts.h"

namespace indoubt {

/// One protocol's table: what each engine answered with, the rows, and the reasons below.
std::string verdict_report_text(const ProtocolVerdicts& protocol, const Style& style);
/// A line that says how many transactions would decide what is undecided; empty if none does.
std::string transactions_wanted(const VerdictTable& table);
/// The whole document; docs/json.md says what stands in it.
std::string verdict_report_json(const VerdictTable& table, const ScenarioFile& file);

}  // namespace indoubt
