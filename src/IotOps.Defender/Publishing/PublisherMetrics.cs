using System.Diagnostics;
using System.Diagnostics.Metrics;
using IotOps.Shared;

namespace IotOps.Defender.Publishing;

/// <summary>What a publisher counts: for <see cref="DefenderStatistics"/>, and under the meter "IotOps.Defender". Safe for concurrent use.</summary>
internal sealed class PublisherMetrics : IDisposable
{
    /// <summary>Traces reports, under the meter's name.</summary>
    public static readonly ActivitySource Source = new("IotOps.Defender");

    private readonly Meter _meter = new("IotOps.Defender");
    private readonly Counter<long> _builtCounter;
    private readonly Counter<long> _failedCounter;
    private readonly Counter<long> _supersededCounter;
    private readonly Counter<long> _publishedCounter;
    private readonly Counter<long> _bytesCounter;
    private readonly Counter<long> _acceptedCounter;
    private readonly Counter<long> _rejectedCounter;
    private readonly Counter<long> _unansweredCounter;
    private readonly Counter<long> _malformedCounter;
    private readonly Counter<long> _violationCounter;
    private readonly Counter<long> _violationDroppedCounter;
    private long _built;
    private long _failed;
    private long _superseded;
    private long _published;
    private long _accepted;
    private long _rejected;
    private long _throttled;
    private long _unanswered;
    private long _malformed;
    private long _violations;
    private long _violationsDropped;

    /// <param name="time">The clock of the last answers.</param>
    public PublisherMetrics(TimeProvider time)
    {
        Outcomes = new Outcomes(time);
        _builtCounter = _meter.CreateCounter<long>("iotops.defender.built", "{report}", "Reports made and encoded.");
        _failedCounter = _meter.CreateCounter<long>("iotops.defender.failed", "{report}", "Reports that could not be made.");
        _supersededCounter = _meter.CreateCounter<long>("iotops.defender.superseded", "{report}", "Reports that a newer one replaced before they could be sent.");
        _publishedCounter = _meter.CreateCounter<long>("iotops.defender.published", "{report}", "Publications begun.");
        _bytesCounter = _meter.CreateCounter<long>("iotops.defender.published_bytes", "By", "Payload bytes of these.");
        _acceptedCounter = _meter.CreateCounter<long>("iotops.defender.accepted", "{report}", "Reports the service accepted.");
        _rejectedCounter = _meter.CreateCounter<long>("iotops.defender.rejected", "{report}", "Reports the service rejected; tag throttled: true or false.");
        _unansweredCounter = _meter.CreateCounter<long>("iotops.defender.unanswered", "{report}", "Reports without an answer in time.");
        _malformedCounter = _meter.CreateCounter<long>("iotops.defender.malformed", "{message}", "Answers that could not be read.");
        _violationCounter = _meter.CreateCounter<long>("iotops.defender.violations", "{event}", "Alarms of the device's own rules that began or ended.");
        _violationDroppedCounter = _meter.CreateCounter<long>("iotops.defender.violations_dropped", "{event}", "Of these, what waited too long to be published.");
    }

    /// <summary>Reports accepted, and what kept others from it.</summary>
    public Outcomes Outcomes { get; }

    public void Built() => Count(ref _built, _builtCounter);

    public void Failed() => Count(ref _failed, _failedCounter);

    public void Superseded() => Count(ref _superseded, _supersededCounter);

    public void Published(int bytes)
    {
        Count(ref _published, _publishedCounter);
        _bytesCounter.Add(bytes);
    }

    public void Accepted()
    {
        Count(ref _accepted, _acceptedCounter);
        Outcomes.Succeeded();
    }

    public void Rejected(bool isThrottled)
    {
        Interlocked.Increment(ref _rejected);
        if (isThrottled)
        {
            Interlocked.Increment(ref _throttled);
        }

        _rejectedCounter.Add(1, new KeyValuePair<string, object?>("throttled", isThrottled));
    }

    public void Unanswered() => Count(ref _unanswered, _unansweredCounter);

    public void Malformed() => Count(ref _malformed, _malformedCounter);

    public void Violation() => Count(ref _violations, _violationCounter);

    public void ViolationDropped() => Count(ref _violationsDropped, _violationDroppedCounter);

    public DefenderStatistics Snapshot() => new(
        Interlocked.Read(ref _built),
        Interlocked.Read(ref _failed),
        Interlocked.Read(ref _superseded),
        Interlocked.Read(ref _published),
        Interlocked.Read(ref _accepted),
        Interlocked.Read(ref _rejected),
        Interlocked.Read(ref _throttled),
        Interlocked.Read(ref _unanswered),
        Interlocked.Read(ref _malformed),
        Interlocked.Read(ref _violations),
        Interlocked.Read(ref _violationsDropped))
    {
        LastAcceptedAt = Outcomes.LastSuccess,
        LastError = Outcomes.LastError,
        LastErrorAt = Outcomes.LastErrorAt,
    };

    public void Dispose() => _meter.Dispose();

    private static void Count(ref long value, Counter<long> counter)
    {
        Interlocked.Increment(ref value);
        counter.Add(1);
    }
}
