using System.Globalization;
using System.Text.Json;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.Batch;

/// <summary>Job queues, job definitions and images. Thread-safe.</summary>
internal sealed class BatchRegistry(string accountId)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, BatchQueue> _queues = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<RegisteredDefinition>> _definitions = new(StringComparer.Ordinal);

    public ContainerImages Images { get; } = new();

    /// <summary>Adds a queue; false when there is one of that name.</summary>
    public bool TryAdd(BatchQueue queue)
    {
        lock (_lock) { return _queues.TryAdd(queue.Name, queue); }
    }

    public int Add(BatchJobDefinition definition, JsonElement? request = null)
    {
        lock (_lock)
        {
            if (!_definitions.TryGetValue(definition.Name, out List<RegisteredDefinition>? revisions))
            {
                _definitions[definition.Name] = revisions = [];
            }

            revisions.Add(new RegisteredDefinition(definition, revisions.Count + 1, request));
            return revisions.Count;
        }
    }

    /// <summary>A queue that takes jobs.</summary>
    /// <exception cref="Refusal">There is none, or it is disabled.</exception>
    public string OpenQueue(string nameOrArn, string region)
    {
        lock (_lock)
        {
            return Queue(nameOrArn, region) is { IsEnabled: true } queue
                ? queue.Name
                : throw BatchInput.Invalid($"Error executing request, Exception : Job queue {nameOrArn} is disabled and cannot accept job submissions.");
        }
    }

    /// <summary>The name of a queue.</summary>
    /// <exception cref="Refusal">There is none.</exception>
    public string QueueName(string nameOrArn, string region)
    {
        lock (_lock) { return Queue(nameOrArn, region).Name; }
    }

    /// <summary>Changes a queue.</summary>
    /// <exception cref="Refusal">There is none.</exception>
    public void Change(string nameOrArn, string region, Action<BatchQueue> change)
    {
        lock (_lock) { change(Queue(nameOrArn, region)); }
    }

    /// <summary>Removes a queue that is disabled; nothing happens when there is none.</summary>
    /// <exception cref="Refusal">It is enabled.</exception>
    public void RemoveQueue(string nameOrArn, string region)
    {
        lock (_lock)
        {
            if (Name(nameOrArn, "job-queue", region) is { } name && _queues.TryGetValue(name, out BatchQueue? queue))
            {
                _queues.Remove(queue.IsEnabled ? throw BatchInput.Invalid("Cannot delete, found existing JobQueue which is not in state DISABLED.") : name);
            }
        }
    }

    /// <summary>Looks at the queues, all or those of the list, by name.</summary>
    public T[] Queues<T>(IReadOnlyList<string> wanted, string region, Func<BatchQueue, T> select)
    {
        HashSet<string?> names = [.. wanted.Select(one => Name(one, "job-queue", region))];
        lock (_lock)
        {
            return [.. _queues.Values.Where(queue => wanted.Count == 0 || names.Contains(queue.Name)).OrderBy(queue => queue.Name, StringComparer.Ordinal).Select(select)];
        }
    }

    /// <summary>The revision that a name, a <c>name:revision</c> or an ARN means; of a name alone the newest that is active.</summary>
    /// <exception cref="Refusal">There is none that is active.</exception>
    public RegisteredDefinition Definition(string nameOrArn, string region)
    {
        lock (_lock)
        {
            return Find(nameOrArn, region) is { IsActive: true } found
                ? found
                : throw BatchInput.Invalid($"Error executing request, Exception : Job definition {nameOrArn} does not exist or is not active.");
        }
    }

    /// <summary>Makes a revision inactive; nothing happens when there is none.</summary>
    public void Deregister(string nameOrArn, string region)
    {
        lock (_lock)
        {
            if (Find(nameOrArn, region) is { } found)
            {
                found.IsActive = false;
            }
        }
    }

    /// <summary>Looks at the revisions that are wanted, newest of each name first.</summary>
    public T[] Definitions<T>(Func<RegisteredDefinition, bool> isWanted, Func<RegisteredDefinition, T> select)
    {
        lock (_lock)
        {
            return
            [
                .. _definitions.OrderBy(pair => pair.Key, StringComparer.Ordinal)
                    .SelectMany(pair => Enumerable.Reverse(pair.Value)).Where(isWanted).Select(select),
            ];
        }
    }

    /// <summary>A name, or the name in an ARN of this account and region; null for an ARN of another one.</summary>
    public string? Name(string nameOrArn, string kind, string region) =>
        !nameOrArn.StartsWith("arn:", StringComparison.Ordinal) ? nameOrArn
        : nameOrArn.Split(':', 6) is [_, _, "batch", var itsRegion, var itsAccount, var resource] && itsRegion == region && itsAccount == accountId
            && resource.StartsWith($"{kind}/", StringComparison.Ordinal) ? resource[(kind.Length + 1)..]
        : null;

    private BatchQueue Queue(string nameOrArn, string region) =>
        Name(nameOrArn, "job-queue", region) is { } name && _queues.TryGetValue(name, out BatchQueue? queue)
            ? queue
            : throw BatchInput.Invalid($"Error executing request, Exception : JobQueue {nameOrArn} not found.");

    private RegisteredDefinition? Find(string nameOrArn, string region)
    {
        if (Name(nameOrArn, "job-definition", region)?.Split(':') is not { } parts || !_definitions.TryGetValue(parts[0], out List<RegisteredDefinition>? revisions))
        {
            return null;
        }

        return parts.Length == 1
            ? revisions.FindLast(revision => revision.IsActive)
            : int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int asked) ? revisions.ElementAtOrDefault(asked - 1) : null;
    }
}
