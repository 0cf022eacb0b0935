using System.Security.Cryptography;
using IotOps.Emulator.CloudTrail;

namespace IotOps.Emulator;

/// <summary>CloudTrail as far as the emulator has it: the event history, and the public keys of digests. Thread-safe.</summary>
public sealed class EmulatedCloudTrail
{
    private readonly TrailStore _store;

    internal EmulatedCloudTrail(TrailStore store) => _store = store;

    /// <summary>
    /// Adds an event to the history. As with AWS, LookupEvents finds management events and, when asked for them, Insights events, of 90 days; others
    /// are taken and never found.
    /// </summary>
    /// <param name="json">A record as in a file of a trail.</param>
    /// <exception cref="FormatException">It is none; the message says why.</exception>
    public void AddEvent(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        _store.Add(json);
    }

    /// <summary>Adds a public key for ListPublicKeys, as PKCS#1.</summary>
    /// <param name="key">The key, or the pair; the private half is not kept.</param>
    /// <param name="since">From when it signs.</param>
    /// <param name="until">Until when.</param>
    /// <returns>Its fingerprint, as digests name it.</returns>
    /// <exception cref="ArgumentException">It ends before it begins.</exception>
    public string AddPublicKey(RSA key, DateTimeOffset since, DateTimeOffset until)
    {
        ArgumentNullException.ThrowIfNull(key);
        return until > since
            ? _store.Add(key.ExportRSAPublicKey(), since, until)
            : throw new ArgumentException($"The key ends ({until:u}) before it begins ({since:u}).", nameof(until));
    }
}
