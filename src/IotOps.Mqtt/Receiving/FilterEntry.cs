namespace IotOps.Mqtt.Receiving;

/// <summary>A topic filter as the broker knows it, and the subscriptions that share it.</summary>
/// <param name="filter">The filter.</param>
/// <param name="identifier">Its own among those of the connection.</param>
internal sealed class FilterEntry(string filter, int identifier)
{
    public string Filter { get; } = filter;

    /// <summary>What the broker gives back with each copy that is for this filter.</summary>
    public int Identifier { get; } = identifier;

    /// <summary>Its last SUBSCRIBE had the identifier.</summary>
    public bool IsIdentified { get; set; }

    public List<Subscription> Users { get; } = [];

    /// <summary>Number of the newest wish for a SUBSCRIBE.</summary>
    public int Wanted { get; set; }

    /// <summary>The wish that was granted last.</summary>
    public int Granted { get; set; }

    /// <summary>The broker may have it.</summary>
    public bool Sent { get; set; }

    public bool IsGranted => Granted == Wanted;

    /// <summary>A connection of before had it: what is published may be meant for it, and waits until it is back.</summary>
    public bool WasGranted => Granted > 0;

    /// <summary>Connections that ended with its SUBSCRIBE unanswered, and may have ended because of it.</summary>
    public int Interruptions { get; set; }

    /// <summary>The broker gave a reason that fits it or another one that was in flight.</summary>
    public bool IsNamed { get; set; }

    /// <summary>It is subscribed last and by itself, and nothing waits for it. New ones are so at their first interruption.</summary>
    public bool IsSuspect => IsNamed || Interruptions >= (WasGranted ? Publishing.Suspicion.Threshold : 1);

    public MqttQualityOfService QualityOfService => Users.Max(user => user.Options.QualityOfService);

    /// <summary>Only when all want it so: the broker knows one setting for the filter.</summary>
    public bool NoLocal => Users.TrueForAll(user => user.Options.NoLocal);
}
