#pragma once
// Options and timers of INBAC.
#include <array>

#include "protocols/two_phase_parts.h"

namespace indoubt {

struct InbacOptions {
  std::uint16_t faults = 1;
  bool spontaneous_votes = false;
  bool coordinator_learns = true;
  RecordPolicy no_voter_record = RecordPolicy::unforced;
  RecordPolicy decision_record = RecordPolicy::forced;
  using Unasked = indoubt::Unasked;
  Unasked unasked = Unasked::off;
  enum class Mistake : std::uint8_t { none, no_help } mistake = Mistake::none;

  ProtocolTraits traits() const {
    ProtocolTraits traits;
    traits.votes_alone_decide = false;  // consensus may abort what was only late
    traits.votes_direct = false;
    return traits;
  }
};

inline constexpr std::string_view kInbacMistakes[] = {"none", "no_help"};
inline constexpr int kMostInbacParticipants = 16, kInbacProcesses = 32;

inline constexpr OptionField kInbacOptions[] = {
    number<InbacOptions, &InbacOptions::faults>(
        "faults",
        "f: the number of backups, and of crashes that are tolerated; at most "
        "one less than there are participants.",
        1, kMostInbacParticipants - 1),
    choice<InbacOptions, &InbacOptions::spontaneous_votes>("spontaneous_votes", kSpontaneousDoc,
                                                           kNoYes),
    choice<InbacOptions, &InbacOptions::coordinator_learns>(
        "coordinator_learns",
        "Whether the coordinator is told the decision by participant 1, and asks if it is not; if "
        "not, it takes no part after PREPARE, as in the published counts.",
        kNoYes),
    choice<InbacOptions, &InbacOptions::no_voter_record>("no_voter_record", kNoVoterRecordDoc,
                                                         kRecordPolicies),
    choice<InbacOptions, &InbacOptions::decision_record>(
        "decision_record", "How a process writes the decision.", kRecordPolicies),
    choice<InbacOptions, &InbacOptions::unasked>("unasked", kUnaskedDoc, kUnaskedChoices),
    choice<InbacOptions, &InbacOptions::mistake>(
        "mistake",
        "Known-bad variants. `no_help`: a process that has heard no backup "
        "proposes to the consensus without asking for help.",
        kInbacMistakes),
};

inline constexpr std::array<std::string_view, 3> kInbacTimers = {"votes", "decision", "request"};
inline constexpr std::array<std::string_view, 3> kInbacTimerDocs = {
    "A backup (and participant f + 1) that has voted waits for the votes; then it reports those "
    "that it has.",
    "An uncertain participant waits for the reports, for help or for the consensus; then it goes "
    "on or asks again. The coordinator waits for the decision; then it asks for it.",
    kRequestTimerDoc,
};

}  // namespace indoubt
