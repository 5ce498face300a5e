#pragma once
// What the variants of two-phase commit presume about a transaction that the coordinator has no
// record of, and what follows from it: who writes which record, and who acknowledges what.
#include "protocols/voting.h"

namespace indoubt {

/// What one outcome costs. `coordinator` and `participant`: how each writes its record of it.
/// `acks`: participants acknowledge it, and the coordinator remembers it until all have. `end`: it
/// then writes an end record, unforced.
struct OutcomeRule {
  RecordPolicy coordinator, participant;
  bool acks, end;
};

/// The record that closes a transaction in which everybody was a reader; never forced.
enum class Closing : std::uint8_t { none, end, committed };

// A presumption has
//   kUnknown   the coordinator's answer about a transaction it has no record of; none: it always
//              has one
//   kStart     how it writes the participant list before PREPARE
//   kAllRead   what it writes when all have voted READ
//   kUndecided what it does when it is back without a decision record: abort and tell all, or be
//              silent until asked
// and a rule for each outcome.

/// Presumed nothing. Bernstein, Hadzilacos & Goodman (1987), ch. 7.4; Lampson & Lomet (1993). The
/// textbook's coordinator tells all after a crash, so it knows them. One that has forgotten who
/// they are has no commit on its log, and answers abort as under presumed abort.
struct PresumedNothing {
  static constexpr Outcome kUnknown = Outcome::none;
  static constexpr StartRecord kStart = StartRecord::free;
  static constexpr Closing kAllRead = Closing::end;
  static constexpr RecoverUndecided kUndecided = RecoverUndecided::abort;
  //                                     coordinator           participant           acks  end
  static constexpr OutcomeRule kCommit = {RecordPolicy::forced, RecordPolicy::forced, true, true};
  static constexpr OutcomeRule kAbort = {RecordPolicy::forced, RecordPolicy::forced, true, true};
};

/// Mohan, Lindsay & Obermarck (1986), presumed abort. It has no list, so it tells nobody.
struct PresumedAbort {
  static constexpr Outcome kUnknown = Outcome::abort;
  static constexpr StartRecord kStart = StartRecord::none;
  static constexpr Closing kAllRead = Closing::none;
  static constexpr RecoverUndecided kUndecided = RecoverUndecided::silent;
  static constexpr OutcomeRule kCommit = {RecordPolicy::forced, RecordPolicy::forced, true, true};
  static constexpr OutcomeRule kAbort = {RecordPolicy::none, RecordPolicy::unforced, false, false};
};

/// Mohan, Lindsay & Obermarck (1986), presumed commit. A list without a decision means abort, so
/// the coordinator need not force its abort record; a participant must, since its question would be
/// answered COMMIT once everybody has acknowledged.
struct PresumedCommit {
  static constexpr Outcome kUnknown = Outcome::commit;
  static constexpr StartRecord kStart = StartRecord::forced;
  static constexpr Closing kAllRead = Closing::committed;
  static constexpr RecoverUndecided kUndecided = RecoverUndecided::abort;
  static constexpr OutcomeRule kCommit = {RecordPolicy::forced, RecordPolicy::unforced, false,
                                          false};
  static constexpr OutcomeRule kAbort = {RecordPolicy::unforced, RecordPolicy::forced, true, true};
};

/// Lampson & Lomet (1993): presumed commit without the list. What was under way at a crash and is
/// not known to have committed has aborted, and is remembered so for ever. That all are told so,
/// the default here, is as if the list were free.
struct NewPresumedCommit {
  static constexpr Outcome kUnknown = Outcome::commit;
  static constexpr StartRecord kStart = StartRecord::free;
  static constexpr Closing kAllRead = Closing::none;
  static constexpr RecoverUndecided kUndecided = RecoverUndecided::abort;
  static constexpr OutcomeRule kCommit = {RecordPolicy::forced, RecordPolicy::unforced, false,
                                          false};
  static constexpr OutcomeRule kAbort = {RecordPolicy::none, RecordPolicy::forced, true, false};
};

template <class Presumes>
constexpr const OutcomeRule& rule_of(Outcome o) {
  return o == Outcome::commit ? Presumes::kCommit : Presumes::kAbort;
}

/// The presumption that a site would follow by mistake.
template <class Presumes>
struct OppositeOf {
  using type = PresumedAbort;
};
template <>
struct OppositeOf<PresumedAbort> {
  using type = PresumedCommit;
};

}  // namespace indoubt
