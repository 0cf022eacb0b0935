namespace IotOps.Mqtt.Publishing;

/// <summary>
/// What is sent with nothing beside it, one after the other, so that the end of a connection finds the culprit. Between two of them goes what
/// waited in the queue by then: whoever is suspected holds up nobody for longer than one answer takes. The caller locks.
/// </summary>
internal sealed class Suspects(PublishQueue queue)
{
    private int _first;

    /// <summary>Publications that wait for their turn.</summary>
    public OperationList Publications { get; } = new();

    /// <summary>A SUBSCRIBE that waits for its turn, before the publications.</summary>
    public ControlReply? Control { get; set; }

    /// <summary>What is under way alone.</summary>
    public PendingReply? OnTrial { get; private set; }

    public bool Any => OnTrial is not null || Control is not null || Publications.First is not null;

    /// <summary>Whether the queue may be sent from.</summary>
    public bool LetQueuePass => OnTrial is null && (_first > 0 || !Any);

    /// <summary>Whether the next one may be sent as soon as nothing is in flight.</summary>
    public bool HaveTheirTurn => OnTrial is null && (_first == 0 || queue.First is null) && Any;

    /// <summary>One of the queue went.</summary>
    public void Passed() => _first -= _first > 0 ? 1 : 0;

    /// <summary>What waits in the queue by now goes before the next.</summary>
    public void BeginRound() => _first = queue.Count;

    public void Begin(PendingReply suspect)
    {
        OnTrial = suspect;
        if (suspect == Control)
        {
            Control = null;
        }
    }

    /// <summary>It was answered, or is not waited for any longer.</summary>
    public void End(PendingReply suspect)
    {
        if (OnTrial == suspect)
        {
            OnTrial = null;
            BeginRound();
        }
    }

    /// <summary>Another object goes on in the place of one that nobody waits for.</summary>
    public void Replace(PublishOperation operation, PublishOperation orphan) => OnTrial = OnTrial == operation ? orphan : OnTrial;

    /// <summary>The connection ended; returns a SUBSCRIBE that was not sent.</summary>
    public ControlReply? LinkDown()
    {
        OnTrial = null;
        ControlReply? unsent = Control;
        Control = null;
        return unsent;
    }
}
