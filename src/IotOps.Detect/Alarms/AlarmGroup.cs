using System.Security.Cryptography;
using System.Text;
using IotOps.Fleet;

namespace IotOps.Detect.Alarms;

/// <summary>Alarms of one kind, rule and state that become one message: the first ones in full, of the others what must be acknowledged.</summary>
/// <param name="kind">Their kind.</param>
/// <param name="rule">Their rule; null when there are several.</param>
/// <param name="state">Their state.</param>
/// <param name="dueAt">When the message is sent, by the lane's clock.</param>
internal sealed class AlarmGroup(FleetAlarmKind kind, string? rule, FleetAlarmState state, TimeSpan dueAt)
{
    private const int MaxSummaryChars = 500;
    private const int MaxNameChars = 260;

    private readonly List<(string Id, AlarmReceipt Receipt)> _receipts = [];
    private readonly List<FleetAlarm> _alarms = [];
    private readonly HashSet<string> _devices = new(StringComparer.Ordinal);
    private readonly List<string> _named = [];
    private FindingSeverity _severity;
    private AlarmMessage? _message;

    public TimeSpan DueAt => dueAt;

    public int Count => _receipts.Count;

    public IEnumerable<(string Id, AlarmReceipt Receipt)> Receipts => _receipts;

    public void Add(FleetAlarm alarm, AlarmReceipt receipt)
    {
        _receipts.Add((alarm.Id, receipt));
        _severity = alarm.Severity > _severity ? alarm.Severity : _severity;
        if (alarm.Device is { } device && _named.Count < AlarmMessage.MaxDevices && _devices.Add(device))
        {
            _named.Add(AlarmWords.OneLine(device, MaxNameChars));
        }

        if (_alarms.Count < AlarmMessage.MaxAlarms)
        {
            _alarms.Add(alarm with
            {
                Summary = AlarmWords.OneLine(alarm.Summary, MaxSummaryChars),
                Event = alarm.Event.Length > AlarmMessage.MaxEventBytes ? ReadOnlyMemory<byte>.Empty : alarm.Event,
            });
        }
    }

    /// <summary>The message, made once: what is sent again is the same, although more has happened since.</summary>
    public AlarmMessage Message => _message ??= new AlarmMessage
    {
        Id = Hash(),
        Title = Title(),
        Text = Text(),
        Time = _alarms.Min(alarm => alarm.Time),
        Kind = kind,
        Rule = rule,
        State = state,
        Severity = _severity,
        Count = Count,
        Devices = _named,
        Alarms = _alarms,
    };

    private string Title()
    {
        string subject = (Count, _named.Count) switch
        {
            (1, 1) => _named[0],
            (_, 0) => Count == 1 ? "1 alarm" : $"{Count} alarms",
            _ when _named.Count < AlarmMessage.MaxDevices => $"{Count} alarms of {_named.Count} device{(_named.Count == 1 ? "" : "s")}",
            _ => $"{Count} alarms",
        };
        return $"{subject}: {AlarmWords.OneLine(rule ?? "several rules", MaxNameChars)} {AlarmWords.Of(state)}";
    }

    private string Text()
    {
        var text = new StringBuilder();
        foreach (FleetAlarm alarm in _alarms)
        {
            text.Append($"{alarm.Time.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z {alarm.Summary}\n");
        }

        if (Count > _alarms.Count)
        {
            text.Append($"and {Count - _alarms.Count} more\n");
        }

        if (_named.Count > 1)
        {
            text.Append($"Devices: {string.Join(", ", _named)}{(_named.Count == AlarmMessage.MaxDevices ? " and perhaps more" : "")}\n");
        }

        return text.ToString();
    }

    private string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((string id, _) in _receipts)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{id.Length}:{id}"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }
}
