using System.Diagnostics;
using System.Diagnostics.Metrics;
using IotOps.Shared;

namespace IotOps.Detect.Working;

/// <summary>What a worker counts. Safe for concurrent use.</summary>
internal sealed class WorkerMetrics : IDisposable
{
    /// <summary>Traces batches, under the meter's name.</summary>
    public static readonly ActivitySource Source = new("IotOps.Detect");

    private readonly Meter _meter = new("IotOps.Detect");
    private readonly Count _received;
    private readonly Count _unreadable;
    private readonly Count _events;
    private readonly Count _late;
    private readonly Count _duplicates;
    private readonly Count _alarms;
    private readonly Count _conflicts;
    private readonly Count _failed;

    /// <param name="time">The clock of the last batch.</param>
    public WorkerMetrics(TimeProvider time)
    {
        Outcomes = new Outcomes(time);
        _received = New("iotops.detect.received", "{message}", "Messages taken from the inbox.");
        _unreadable = New("iotops.detect.unreadable", "{message}", "Messages that could not be read.");
        _events = New("iotops.detect.events", "{event}", "Events in the messages.");
        _late = New("iotops.detect.late", "{event}", "Events that came after what they belong to was judged.");
        _duplicates = New("iotops.detect.duplicates", "{event}", "Events that had come before.");
        _alarms = New("iotops.detect.alarms", "{event}", "Alarms that began, ended or became invalid.");
        _conflicts = New("iotops.detect.conflicts", "{evaluation}", "Evaluations repeated because another worker had changed the record.");
        _failed = New("iotops.detect.failed", "{thing}", "Things that could not be evaluated or committed.");
    }

    /// <summary>Rounds of the worker that went well, and what went wrong.</summary>
    public Outcomes Outcomes { get; }

    public void Received(int messages) => _received.Add(messages);

    public void Unreadable() => _unreadable.Add(1);

    public void Events(int events) => _events.Add(events);

    public void Conflicts(int things) => _conflicts.Add(things);

    public void Failed(int things) => _failed.Add(things);

    public void Committed(DetectVerdict verdict)
    {
        _late.Add(verdict.Late);
        _duplicates.Add(verdict.Duplicates);
        _alarms.Add(verdict.Alarms.Count);
    }

    public DetectWorkerStatistics Snapshot() => new(
        _received.Value, _unreadable.Value, _events.Value, _late.Value, _duplicates.Value, _alarms.Value, _conflicts.Value, _failed.Value)
    {
        LastSuccessAt = Outcomes.LastSuccess,
        LastError = Outcomes.LastError,
        LastErrorAt = Outcomes.LastErrorAt,
    };

    public void Dispose() => _meter.Dispose();

    private Count New(string name, string unit, string description) => new(_meter.CreateCounter<long>(name, unit, description));

    private sealed class Count(Counter<long> counter)
    {
        private long _value;

        public long Value => Interlocked.Read(ref _value);

        public void Add(long number)
        {
            if (number > 0)
            {
                Interlocked.Add(ref _value, number);
                counter.Add(number);
            }
        }
    }
}
