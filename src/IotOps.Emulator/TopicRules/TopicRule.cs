namespace IotOps.Emulator.TopicRules;

/// <summary>A rule that forwards messages to queues.</summary>
internal sealed record TopicRule(string Name, string Sql, RuleStatement Statement, IReadOnlyList<QueueAction> Actions, DateTimeOffset CreatedAt)
{
    public string? Description { get; init; }

    public string? SqlVersion { get; init; }

    public bool IsDisabled { get; init; }

    /// <summary>Where a message goes that an action could not take; null for nowhere.</summary>
    public QueueAction? ErrorAction { get; init; }
}
