using System.Security.Cryptography;

namespace IotOps.Emulator.CloudTrail;

/// <summary>Events and public keys. Thread-safe.</summary>
internal sealed class TrailStore
{
    private readonly Lock _lock = new();
    private readonly List<StoredEvent> _events = [];
    private readonly List<TrailKey> _keys = [];

    /// <exception cref="FormatException">It is no record.</exception>
    public void Add(string json)
    {
        lock (_lock) { _events.Add(StoredEvent.Read(json, _events.Count)); }
    }

    /// <returns>The fingerprint.</returns>
    public string Add(byte[] der, DateTimeOffset since, DateTimeOffset until)
    {
#pragma warning disable CA5351 // CloudTrail names its keys so.
        string fingerprint = Convert.ToHexStringLower(MD5.HashData(der));
#pragma warning restore CA5351
        lock (_lock) { _keys.Add(new TrailKey(der, fingerprint, since, until)); }
        return fingerprint;
    }

    public IReadOnlyList<StoredEvent> Events()
    {
        lock (_lock) { return [.. _events]; }
    }

    public IReadOnlyList<TrailKey> Keys()
    {
        lock (_lock) { return [.. _keys]; }
    }
}
