using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotOps.Detect;

/// <summary>How stored alarms are read.</summary>
public sealed record AlarmForwarderOptions
{
    /// <summary>How often the store is asked for new ones; 2 s unless set.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long other processes leave an alarm alone that this one has claimed; longer than a group is collected and sent. 2 min unless set.</summary>
    public TimeSpan ClaimFor { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Clock of polls and claims.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where failures of the store are logged.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    internal Func<double>? Random { get; init; }

    internal string? Wrong() => Poll <= TimeSpan.Zero || ClaimFor <= TimeSpan.Zero ? "Poll and ClaimFor are longer than zero." : null;
}
