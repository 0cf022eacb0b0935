namespace IotOps.Detect.Storing;

/// <summary>What every store takes, whatever lies under it: a change that one takes the other takes too.</summary>
internal static class StoreLimits
{
    public const int MaxAlarms = 25;
    public const int MaxNameLength = 1024;

    public static void Check(IReadOnlyList<DetectChange> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (DetectChange change in changes)
        {
            if (change.Thing is not { Length: >= 1 and <= MaxNameLength })
            {
                throw new ArgumentException($"A thing's name has 1 to {MaxNameLength} characters.", nameof(changes));
            }

            if (!seen.Add(change.Thing))
            {
                throw new ArgumentException($"There are two changes of '{change.Thing}'; make one of them.", nameof(changes));
            }

            if (change.State.Length > DetectRecord.MaxStateBytes)
            {
                throw new ArgumentException(
                    $"The state of '{change.Thing}' has {change.State.Length} bytes; a record holds {DetectRecord.MaxStateBytes}.", nameof(changes));
            }

            if (change.Alarms.Count > MaxAlarms)
            {
                throw new ArgumentException($"The change of '{change.Thing}' has {change.Alarms.Count} alarms; it may have {MaxAlarms}.", nameof(changes));
            }
        }
    }

    public static void Check(DetectDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        if (document.Name is not { Length: >= 1 and <= 128 })
        {
            throw new ArgumentException("A document's name has 1 to 128 characters.", nameof(document));
        }

        if (document.Content.Length > DetectRecord.MaxStateBytes)
        {
            throw new ArgumentException(
                $"The document '{document.Name}' has {document.Content.Length} bytes; it may have {DetectRecord.MaxStateBytes}.", nameof(document));
        }
    }
}
