using FsCheck;
using FsCheck.Fluent;
using IotOps.Defender.Deltas;
using IotOps.Defender.Readings;

namespace IotOps.Defender.Tests.Collector;

public sealed class TrafficProperties
{
    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(20261121, 77);

    private enum Happening
    {
        Traffic,
        Reset,
        Remove,
        Bring,
        Restart,
        Sample,
        SampleAccepted,
        AcceptLate,
    }

    private sealed record Step(Happening What, int Interface, int Amount);

    private static readonly Gen<Step> AnyStep =
        from what in Gen.Elements(Enum.GetValues<Happening>())
        from each in Gen.Choose(0, 3)
        from amount in Gen.Choose(0, 100_000)
        select new Step(what, each, amount);

    [Fact]
    public void Whatever_happens_reports_are_never_negative_and_never_more_than_went_by() =>
        Check(Gen.ListOf(AnyStep).Select(static steps => steps.ToArray()), static steps =>
        {
            var machine = new Machine();
            long carried = 0, accepted = 0;
            foreach (Step step in steps)
            {
                carried += machine.Do(step);
                if (machine.LastReport is { } report && machine.TakeReport())
                {
                    if (report.BytesIn < 0 || report.BytesOut < 0 || report.PacketsIn < 0 || report.PacketsOut < 0 || report.BytesIn > carried - accepted)
                    {
                        return false;
                    }

                    accepted += machine.WasAccepted ? report.BytesIn : 0;
                }
            }

            return accepted <= carried;
        });

    [Fact]
    public void Without_resets_accepted_reports_add_up_to_all_that_went_by_whatever_was_lost() =>
        Check(Gen.ListOf(AnyStep).Select(static steps => steps.ToArray()), static steps =>
        {
            var machine = new Machine();
            machine.Do(new Step(Happening.SampleAccepted, 0, 0));
            _ = machine.TakeReport();
            long carried = 0, accepted = 0;
            IEnumerable<Step> calm = steps.Where(static step => step.What is Happening.Traffic or Happening.Sample or Happening.SampleAccepted or Happening.Restart);
            foreach (Step step in calm.Append(new Step(Happening.SampleAccepted, 0, 0)))
            {
                carried += machine.Do(step);
                if (machine.TakeReport() && machine.WasAccepted)
                {
                    accepted += machine.LastReport!.Value.BytesIn;
                }
            }

            return accepted == carried;
        });

    private static void Check<T>(Gen<T> gen, Func<T, bool> holds) => Prop.ForAll(gen.ToArbitrary(), holds).Check(Fixed);

    /// <summary>Four interfaces, a collector's deltas, and its state file across restarts.</summary>
    private sealed class Machine
    {
        private readonly ulong?[] _bytes = [1_000_000, 5, (1UL << 33) - 50_000, uint.MaxValue - 10_000];
        private readonly MetricsCollector _owner = new(new MetricsCollectorOptions());
        private TrafficDeltas _deltas = new();
        private InterfaceCounters[]? _kept;
        private MetricsSample? _late;
        private long _number;
        private bool _isFresh;

        public NetworkStats? LastReport { get; private set; }

        public bool WasAccepted { get; private set; }

        public bool TakeReport()
        {
            bool isFresh = _isFresh;
            _isFresh = false;
            return isFresh && LastReport is not null;
        }

        /// <summary>Returns the bytes that went by.</summary>
        public long Do(Step step)
        {
            switch (step.What)
            {
                case Happening.Traffic when _bytes[step.Interface] is { } bytes:
                    _bytes[step.Interface] = bytes + (ulong)step.Amount;
                    return step.Amount;
                case Happening.Reset when _bytes[step.Interface] is not null:
                    _bytes[step.Interface] = 0;
                    return 0;
                case Happening.Remove:
                    _bytes[step.Interface] = null;
                    // Away long enough to be missed by a reading.
                    Collect(accept: false);
                    _isFresh = false;
                    return 0;
                case Happening.Bring when _bytes[step.Interface] is null:
                    // A new device begins at zero, and has carried something by the time it is read.
                    _bytes[step.Interface] = (ulong)step.Amount;
                    return step.Amount;
                case Happening.Restart:
                    _deltas = new TrafficDeltas();
                    _deltas.Restore(Restored());
                    _late = null;
                    return 0;
                case Happening.Sample:
                    Collect(accept: false);
                    return 0;
                case Happening.SampleAccepted:
                    Collect(accept: true);
                    return 0;
                case Happening.AcceptLate when _late is not null && _deltas.Accept(_late):
                    // The property counts what is accepted with its own sample only, so this may only lower what is reported.
                    _kept = _late.Counters;
                    return 0;
                default:
                    return 0;
            }
        }

        private void Collect(bool accept)
        {
            var now = new InterfaceReadings();
            for (int i = 0; i < _bytes.Length; i++)
            {
                if (_bytes[i] is { } bytes)
                {
                    // The last two have a driver that counts in 32 bits.
                    ulong mask = i < 2 ? ulong.MaxValue : uint.MaxValue;
                    now.Add(new InterfaceCounters($"eth{i}", bytes & mask, (bytes / 100) & mask, (bytes / 2) & mask, (bytes / 200) & mask));
                }
            }

            _deltas.Add(now);
            LastReport = _deltas.SinceAccepted;
            _isFresh = true;
            WasAccepted = accept;
            var sample = new MetricsSample(_owner, default, ++_number) { Traffic = _deltas.Total, Counters = now.ToArray() };
            if (!accept)
            {
                _late ??= sample;
            }
            else if (_deltas.Accept(sample))
            {
                _kept = sample.Counters;
                _late = null;
            }
        }

        private InterfaceReadings? Restored()
        {
            if (_kept is null)
            {
                return null;
            }

            var restored = new InterfaceReadings();
            foreach (InterfaceCounters counters in _kept)
            {
                restored.Add(counters);
            }

            return restored;
        }
    }
}
