using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotOps.Detect;

/// <summary>How stored alarms are read.</summary>
public sealed record AlarmForwarderOptions
{
    /// <summary>How often the store is asked for new ones; 2 s unless set.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Alarms that wait for their sinks at most, 10,000 unless set; the store keeps the others. While one sink has been out of reach for so many, the others wait too.</summary>
    public int MaxWaiting { get; init; } = 10_000;

    /// <summary>Clock of the polls.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where failures of the store are logged.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    internal Func<double>? Random { get; init; }

    internal string? Wrong() => Poll <= TimeSpan.Zero || MaxWaiting < 1 ? "Poll is longer than zero and MaxWaiting at least 1." : null;
}
