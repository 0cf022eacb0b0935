using IotOps.Detect.Alarms;
using IotOps.Fleet;

namespace IotOps.Detect;

/// <summary>What is sent to an <see cref="IAlarmSink"/>: alarms of one rule that came close together, or a day's digest.</summary>
public sealed record AlarmMessage
{
    /// <summary>Devices that a message names at most.</summary>
    public const int MaxDevices = 50;

    /// <summary>Alarms that a message shows one by one at most.</summary>
    public const int MaxAlarms = 20;

    /// <summary>Bytes of an alarm's event that are sent with it at most; a larger event is left out.</summary>
    public const int MaxEventBytes = 8 * 1024;

    /// <summary>32 hexadecimal digits, the same whenever the same message is sent again.</summary>
    public required string Id { get; init; }

    /// <summary>One line.</summary>
    public required string Title { get; init; }

    /// <summary>Some lines, for people.</summary>
    public required string Text { get; init; }

    /// <summary>When the first of the alarms happened; of a digest, when it was made.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Whether it sums a day up: then it has no alarms of its own.</summary>
    public bool IsDigest { get; init; }

    /// <summary>Where the alarms come from; null for a digest.</summary>
    public FleetAlarmKind? Kind { get; init; }

    /// <summary>The rule of the alarms; null for a digest, and where there were alarms of too many rules at once.</summary>
    public string? Rule { get; init; }

    /// <summary>What the alarms say about it.</summary>
    public FleetAlarmState State { get; init; }

    /// <summary>How bad the worst of them is.</summary>
    public FindingSeverity Severity { get; init; }

    /// <summary>How many alarms the message stands for.</summary>
    public int Count { get; init; }

    /// <summary>The first of the devices, each once, <see cref="MaxDevices"/> at most.</summary>
    public IReadOnlyList<string> Devices { get; init; } = [];

    /// <summary>The first of the alarms, <see cref="MaxAlarms"/> at most.</summary>
    public IReadOnlyList<FleetAlarm> Alarms { get; init; } = [];

    /// <summary>
    /// The message as a JSON object: <c>version</c> (1), <c>id</c>, <c>type</c> (<c>alarms</c> or <c>digest</c>), <c>title</c>, <c>text</c>,
    /// <c>time</c>, <c>kind</c>, <c>rule</c>, <c>state</c>, <c>severity</c>, <c>count</c>, <c>devices</c>, and <c>alarms</c>, each with <c>id</c>,
    /// <c>device</c>, <c>time</c>, <c>summary</c> and <c>event</c>, the event that it was made from.
    /// </summary>
    /// <param name="maxBytes">Alarms are left out, the last ones first, until the object fits; <c>count</c> stays.</param>
    /// <exception cref="ArgumentOutOfRangeException">Below 64 KiB, into which every message fits without its alarms.</exception>
    public byte[] ToUtf8Json(int maxBytes = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, 64 * 1024);
        return AlarmJson.Write(this, maxBytes);
    }
}
