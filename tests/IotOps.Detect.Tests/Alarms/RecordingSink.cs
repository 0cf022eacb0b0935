namespace IotOps.Detect.Tests.Alarms;

/// <summary>Keeps what it is sent, and fails while it is to.</summary>
internal sealed class RecordingSink(string name = "recording") : IAlarmSink
{
    private readonly List<AlarmMessage> _attempts = [];
    private readonly List<AlarmMessage> _taken = [];

    public string Name => name;

    /// <summary>What a send does before it takes the message; may throw.</summary>
    public Func<AlarmMessage, CancellationToken, Task> OnSend { get; set; } = static (_, _) => Task.CompletedTask;

    public IReadOnlyList<AlarmMessage> Attempts
    {
        get { lock (_attempts) { return [.. _attempts]; } }
    }

    public IReadOnlyList<AlarmMessage> Taken
    {
        get { lock (_attempts) { return [.. _taken]; } }
    }

    public async Task SendAsync(AlarmMessage message, CancellationToken cancellationToken)
    {
        lock (_attempts) { _attempts.Add(message); }

        await OnSend(message, cancellationToken);
        lock (_attempts) { _taken.Add(message); }
    }
}
