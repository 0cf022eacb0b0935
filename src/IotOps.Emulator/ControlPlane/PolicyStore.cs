using System.Text.Json;

namespace IotOps.Emulator.ControlPlane;

/// <summary>Policies and what they are attached to. Nothing is allowed or denied by them: the broker lets every certificate do all. Thread-safe.</summary>
internal sealed class PolicyStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (string Document, DateTimeOffset CreatedAt)> _policies = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedSet<string>> _byTarget = new(StringComparer.Ordinal);

    /// <returns>False when there is one of that name.</returns>
    public bool TryAdd(string name, string document, DateTimeOffset now)
    {
        lock (_lock) { return _policies.TryAdd(name, (document, now)); }
    }

    public (string Document, DateTimeOffset CreatedAt)? Find(string name)
    {
        lock (_lock) { return _policies.TryGetValue(name, out (string Document, DateTimeOffset CreatedAt) policy) ? policy : null; }
    }

    /// <returns>False when the target has as many as it may have.</returns>
    public bool TryAttach(string name, string target, int max)
    {
        lock (_lock)
        {
            if (!_byTarget.TryGetValue(target, out SortedSet<string>? policies))
            {
                _byTarget[target] = policies = new SortedSet<string>(StringComparer.Ordinal);
            }

            if (!policies.Contains(name) && policies.Count >= max)
            {
                return false;
            }

            policies.Add(name);
            return true;
        }
    }

    public void Detach(string name, string target)
    {
        lock (_lock) { _byTarget.GetValueOrDefault(target)?.Remove(name); }
    }

    /// <summary>By name.</summary>
    public IReadOnlyList<string> OfTargets(IEnumerable<string> targets)
    {
        lock (_lock)
        {
            return [.. targets.SelectMany(target => _byTarget.GetValueOrDefault(target) ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>By name.</summary>
    public IReadOnlyList<string> TargetsOf(string name)
    {
        lock (_lock) { return [.. _byTarget.Where(one => one.Value.Contains(name)).Select(one => one.Key).Order(StringComparer.Ordinal)]; }
    }

    /// <summary>Why a document is not a policy; null when it may be one.</summary>
    public static string? Problem(string document)
    {
        try
        {
            JsonElement policy = JsonElement.Parse(document);
            return policy.ValueKind == JsonValueKind.Object && policy.TryGetProperty("Statement"u8, out JsonElement statement)
                && statement.ValueKind is JsonValueKind.Array or JsonValueKind.Object
                ? null
                : "It is not an object with a Statement.";
        }
        catch (JsonException e)
        {
            return e.Message;
        }
    }
}
