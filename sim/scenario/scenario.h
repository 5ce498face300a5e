#pragma once
// The checked scenario: a plain value that engines, models and reports read. The loader fills it
// and guarantees every range stated here; nobody else needs to check again.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/latency/latency.h"
#include "sim/predicates/predicate.h"
#include "sim/process/group.h"
#include "sim/process/time.h"
#include "sim/scenario/exploration.h"
#include "sim/scenario/faults.h"

namespace indoubt {

/// The coordinator's name as a site; no service may be called so.
inline constexpr std::string_view kCoordinatorName = "coordinator";

/// One kind of participant; `count` identical ones of it take part in each transaction.
struct Service {
  std::string name;
  int count = 1;                ///< >= 1
  double vote_yes = 1;          ///< probability of YES, in [0, 1]
  Latency prepare;              ///< local work between PREPARE and the vote
  double read_only = 0;         ///< probability of READ instead of YES or NO, in [0, 1]
  int weight = 1;               ///< in quorums, >= 0
  bool exclusive = false;       ///< its record serves one transaction at a time; shared sites
  bool at_coordinator = false;  ///< shares the coordinator's site: messages between them are free
  bool operator==(const Service&) const = default;
};

/// What a message meets on its way. Applies to links whose two ends match; an empty name matches
/// every site. The last matching rule of a scenario wins, field by field.
struct LinkRule {
  std::string from, to;  ///< a service's name, "coordinator", or empty
  std::optional<Latency> latency;
  std::optional<double> loss;         ///< probability in [0, 1]
  std::optional<double> duplication;  ///< probability in [0, 1]
  bool operator==(const LinkRule&) const = default;
};

struct Network {
  Latency latency;         ///< default of every link
  double loss = 0;         ///< probability that a message is lost, in [0, 1]
  double duplication = 0;  ///< probability that a message arrives twice, in [0, 1]
  bool fifo = false;       ///< messages of one link keep their order
  Duration send_gap{0};    ///< between the single sends of one broadcast
  std::vector<LinkRule> links;
  bool operator==(const Network&) const = default;
};

struct Disk {
  Latency force;              ///< how long a forced write takes
  bool queue = false;         ///< one write at a time at each site
  bool group_commit = false;  ///< forces that come while the disk writes share its next write
  bool operator==(const Disk&) const = default;
};

/// Length of the timers called `timer`, in every protocol that has one of that name. Absent timers
/// and those without a length never fire.
struct TimeoutLength {
  std::string timer;
  std::optional<Latency> length;  ///< empty: never
  bool operator==(const TimeoutLength&) const = default;
};

/// A protocol of the catalogue with its options.
struct ProtocolUse {
  std::string protocol;      ///< name in the catalogue
  std::string label;         ///< unique in the scenario; the protocol's name unless given
  std::vector<int> options;  ///< one value for each of the protocol's option fields, in order
  bool operator==(const ProtocolUse&) const = default;
};

/// When transactions begin.
struct Arrivals {
  enum class Kind : std::uint8_t { one_by_one, poisson, constant, closed };
  Kind kind = Kind::one_by_one;
  double mean_gap_ns = 0;     ///< poisson, constant: > 0
  std::uint32_t clients = 0;  ///< closed: >= 1; each begins its next transaction when one has ended
  bool operator==(const Arrivals&) const = default;
};

enum class Sites : std::uint8_t {
  fresh,   ///< each transaction has sites of its own, empty at its time 0
  shared,  ///< all transactions meet on the same sites
};

struct Transactions {
  std::uint64_t count = 10'000;  ///< >= 1
  std::uint64_t seed = 1;
  Sites sites = Sites::fresh;
  Arrivals arrivals;
  Duration horizon = std::chrono::hours(1);  ///< a transaction still undecided then is unfinished
  bool operator==(const Transactions&) const = default;
};

/// Who asks for a payment and asks again. Attempt a of payment k is transaction
/// (k - 1) * attempts + a.
struct Client {
  int attempts = 1;         ///< at most, >= 1
  double reply_loss = 0;    ///< probability that the client never learns an outcome, in [0, 1]
  bool repeats_id = false;  ///< asks for the same transaction again, which is not run twice; else
                            ///< each attempt is a transaction of its own, with votes of its own
  bool operator==(const Client&) const = default;
};

/// How the failure of a site becomes known to the others.
struct FailureDetection {
  std::optional<Latency> delay;  ///< perfect detector: after so long; empty: by time-outs only
  bool operator==(const FailureDetection&) const = default;
};

struct Scenario {
  std::string title;
  std::vector<ProtocolUse> protocols;  ///< at least one
  std::vector<Service> services;       ///< at least one; names unique
  Network network;
  Disk disk;
  Latency cpu;  ///< time a site's one processor takes for each message it handles
  FailureDetection detection;
  std::vector<Zone> zones;              ///< names unique
  std::vector<Fault> faults;            ///< in the order of the file
  std::vector<TimeoutLength> timeouts;  ///< names unique
  int coordinator_weight = 1;           ///< in quorums, >= 0
  Transactions transactions;
  bool execution = false;  ///< one work request and its reply for each participant at another
                           ///< site, before the commit begins
  Exploration exploration;
  std::optional<Client> client;  ///< transactions.count then counts payments; fresh sites only
  std::vector<NamedPredicate> predicates;  ///< asked at each transaction's end; names unique
  std::vector<Duration> decided_by;        ///< instants after a transaction's start, each once

  /// Coordinator and participants with their weights.
  Group group() const;
  /// Number of participants: the sum of the services' counts.
  int participants() const;
  /// Service of participant p in 1..participants(); participants are numbered service by service.
  const Service& service_of(int p) const;
  /// Name of process p: "coordinator", "payment", or "shard.2" where count > 1. Processes beyond
  /// the participants are called by `auxiliary` and counted from 1: "acceptor.2".
  std::string process_name(int p, std::string_view auxiliary = "auxiliary") const;
  /// Length of a timer; empty: it never fires.
  std::optional<Latency> timeout(std::string_view timer) const;
  /// Probability of YES of each participant, in order.
  std::vector<double> vote_probabilities() const;
  bool operator==(const Scenario&) const = default;
};

}  // namespace indoubt
