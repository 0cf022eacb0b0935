using System.Collections.Concurrent;
using System.Text;
using System.Text.Unicode;

namespace IotOps.Emulator.TopicRules;

/// <summary>The rules, and what becomes of a message because of them. Thread-safe.</summary>
internal sealed class RuleStore(Func<string, Func<string, bool>?> queueOf, TimeProvider time)
{
    private const string BasicIngest = "$aws/rules/";

    private readonly ConcurrentDictionary<string, TopicRule> _rules = new(StringComparer.Ordinal);

    public DateTimeOffset Now => time.GetUtcNow();

    public TopicRule? Find(string name) => _rules.GetValueOrDefault(name);

    public bool TryAdd(TopicRule rule) => _rules.TryAdd(rule.Name, rule);

    public void Set(TopicRule rule) => _rules[rule.Name] = rule;

    public void Remove(string name) => _rules.TryRemove(name, out _);

    public IReadOnlyList<TopicRule> All() => [.. _rules.Values.OrderBy(rule => rule.Name, StringComparer.Ordinal)];

    /// <summary>Carries out what the rules say about a message.</summary>
    public void Handle(string topic, ReadOnlyMemory<byte> payload, string? clientId, string? principal)
    {
        if (_rules.IsEmpty)
        {
            return;
        }

        if (topic.StartsWith(BasicIngest, StringComparison.Ordinal))
        {
            string[] parts = topic.Split('/', 4);
            var direct = new RuleMessage(parts.Length == 4 ? parts[3] : "", payload, clientId, principal, time.GetUtcNow());
            if (Find(parts[2]) is { IsDisabled: false } named && named.Statement.Meets(direct))
            {
                Run(named, direct);
            }

            return;
        }

        var message = new RuleMessage(topic, payload, clientId, principal, time.GetUtcNow());
        foreach (TopicRule rule in _rules.Values)
        {
            if (!rule.IsDisabled && rule.Statement.Takes(message))
            {
                Run(rule, message);
            }
        }
    }

    private void Run(TopicRule rule, RuleMessage message)
    {
        foreach (QueueAction action in rule.Actions)
        {
            if (rule.Statement.Select(message) is { } selected && TrySend(action, selected))
            {
                continue;
            }

            if (rule.ErrorAction is { } instead)
            {
                TrySend(instead, FailureText.Of(rule, action, message));
            }
        }
    }

    // A queue that is gone and a body that SQS refuses are an action that failed.
    private bool TrySend(QueueAction action, ReadOnlyMemory<byte> selected)
    {
        string? body = action.UsesBase64 ? Convert.ToBase64String(selected.Span) : Utf8.IsValid(selected.Span) ? Encoding.UTF8.GetString(selected.Span) : null;
        return body is not null && queueOf(action.QueueUrl) is { } send && send(body);
    }
}
