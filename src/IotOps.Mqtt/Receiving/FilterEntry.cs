namespace IotOps.Mqtt.Receiving;

/// <summary>A topic filter as the broker knows it, and the subscriptions that share it.</summary>
internal sealed class FilterEntry(string filter)
{
    public string Filter { get; } = filter;

    public List<Subscription> Users { get; } = [];

    /// <summary>Number of the newest wish for a SUBSCRIBE.</summary>
    public int Wanted { get; set; }

    /// <summary>The wish that was granted last.</summary>
    public int Granted { get; set; }

    /// <summary>The broker may have it.</summary>
    public bool Sent { get; set; }

    public bool IsGranted => Granted == Wanted;

    public MqttQualityOfService QualityOfService => Users.Max(user => user.Options.QualityOfService);

    /// <summary>Only when all want it so: the broker knows one setting for the filter.</summary>
    public bool NoLocal => Users.TrueForAll(user => user.Options.NoLocal);
}
