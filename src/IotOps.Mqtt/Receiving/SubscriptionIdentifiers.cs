namespace IotOps.Mqtt.Receiving;

/// <summary>
/// Subscription identifiers (OASIS MQTT 5.0, 3.8.2.1.2), made of the filters' text: a session that outlives this process keeps sending the
/// identifiers that the process before it gave.
/// </summary>
internal static class SubscriptionIdentifiers
{
    // Three bytes in each message.
    private const uint Largest = (1 << 21) - 1;

    /// <summary>One that none of the taken ones is; stable while filters do not collide.</summary>
    public static int For(string filter, IEnumerable<int> taken)
    {
        // FNV-1a: the runtime's own hash differs from process to process.
        uint hash = 2_166_136_261;
        foreach (char c in filter)
        {
            hash = (hash ^ c) * 16_777_619;
        }

        HashSet<int> others = [.. taken];
        int identifier = (int)(hash % Largest) + 1;
        while (others.Contains(identifier))
        {
            identifier = identifier % (int)Largest + 1;
        }

        return identifier;
    }
}
