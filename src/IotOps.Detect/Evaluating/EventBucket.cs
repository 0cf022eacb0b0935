using IotOps.Defender;

namespace IotOps.Detect.Evaluating;

/// <summary>What happened to a thing within five minutes.</summary>
internal sealed class EventBucket(long index)
{
    private const int MostAddresses = 64;
    private const int MostSeen = 4096;

    /// <summary>Five minutes since 1970.</summary>
    public long Index => index;

    public long Sent { get; set; }

    public long SentBytes { get; set; }

    public long LargestBytes { get; set; }

    public long SmallestBytes { get; set; }

    public long Received { get; set; }

    public long Failures { get; set; }

    public long Attempts { get; set; }

    public long Disconnects { get; set; }

    public List<InternetAddress> Addresses { get; } = [];

    /// <summary>What was counted already, by its hash.</summary>
    public HashSet<ulong> Seen { get; } = [];

    /// <summary>False for an event that was counted before. Beyond some thousands in five minutes nobody looks.</summary>
    public bool IsNew(ulong identity) => Seen.Count >= MostSeen ? !Seen.Contains(identity) : Seen.Add(identity);

    public void Add(InternetAddress address)
    {
        if (Addresses.Count < MostAddresses && !Addresses.Contains(address))
        {
            Addresses.Add(address);
        }
    }

    public long Count(CloudMetric metric) => metric switch
    {
        CloudMetric.MessageBytes => SentBytes,
        CloudMetric.MessagesSent => Sent,
        CloudMetric.MessagesReceived => Received,
        CloudMetric.AuthorizationFailures => Failures,
        CloudMetric.ConnectionAttempts => Attempts,
        _ => Disconnects,
    };
}
