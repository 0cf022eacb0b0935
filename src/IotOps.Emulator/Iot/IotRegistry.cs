using System.Collections.Concurrent;
using IotOps.Emulator.Concurrency;

namespace IotOps.Emulator.Iot;

/// <summary>The certificates, what they are attached to, the role aliases and the calls of AWS IoT. Thread-safe.</summary>
internal sealed class IotRegistry(TimeProvider timeProvider)
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, StoredCertificate> _certificates = new(StringComparer.Ordinal);
    private readonly SortedSet<(string Thing, string Principal)> _attached = new(
        Comparer<(string Thing, string Principal)>.Create((a, b) => string.CompareOrdinal(a.Thing, b.Thing) is var thing and not 0 ? thing : string.CompareOrdinal(a.Principal, b.Principal)));
    private readonly ConcurrentDictionary<string, RoleAlias> _aliases = new(StringComparer.Ordinal);
    private readonly RecentItems<CredentialsCall> _calls = new(_ => 0);

    /// <summary>Hears, outside the lock, that a certificate is active no longer.</summary>
    public Action<string>? Deactivated { get; set; }

    /// <summary>Adds a certificate that is not there.</summary>
    /// <returns>False when one of its id is.</returns>
    public bool TryAdd(string id, string pem, string status)
    {
        DateTimeOffset now = timeProvider.GetUtcNow();
        lock (_lock) { return _certificates.TryAdd(id, new StoredCertificate(id, pem, status, now, now, 1)); }
    }

    public StoredCertificate? Certificate(string id)
    {
        lock (_lock) { return _certificates.GetValueOrDefault(id); }
    }

    /// <summary>By id.</summary>
    public IReadOnlyList<StoredCertificate> Certificates()
    {
        lock (_lock) { return [.. _certificates.Values]; }
    }

    /// <summary>Gives a certificate another status. One that is revoked stays so.</summary>
    /// <returns>The certificate; as it was when it may not have that status; null when there is none.</returns>
    public StoredCertificate? SetStatus(string id, string status)
    {
        StoredCertificate? after;
        lock (_lock)
        {
            StoredCertificate? before = _certificates.GetValueOrDefault(id);
            after = before is null || before.Status == status || before.Status == StoredCertificate.Revoked
                ? before
                : before with { Status = status, ModifiedAt = timeProvider.GetUtcNow(), Version = before.Version + 1 };
            if (after == before)
            {
                return after;
            }

            _certificates[id] = after!;
        }

        if (!after!.IsActive)
        {
            Deactivated?.Invoke(id);
        }

        return after;
    }

    public void Attach(string thing, string principal)
    {
        lock (_lock) { _attached.Add((thing, principal)); }
    }

    public void Detach(string thing, string principal)
    {
        lock (_lock) { _attached.Remove((thing, principal)); }
    }

    /// <summary>What is attached to a thing, by name.</summary>
    public IReadOnlyList<string> PrincipalsOf(string thing)
    {
        lock (_lock) { return [.. _attached.Where(pair => pair.Thing == thing).Select(pair => pair.Principal)]; }
    }

    /// <summary>What a principal is attached to, by name.</summary>
    public IReadOnlyList<string> ThingsOf(string principal)
    {
        lock (_lock) { return [.. _attached.Where(pair => pair.Principal == principal).Select(pair => pair.Thing)]; }
    }

    /// <summary>Whether a certificate opens a connection.</summary>
    public bool IsActive(string certificateId) => Certificate(certificateId) is { IsActive: true };

    /// <summary>The thing of an active certificate; the first of several.</summary>
    public string? ThingOf(string certificateId) => IsActive(certificateId) && ThingsOf(certificateId) is [{ } first, ..] ? first : null;

    public void Set(RoleAlias alias) => _aliases[alias.Name] = alias;

    public RoleAlias? FindAlias(string name) => _aliases.GetValueOrDefault(name);

    public void Add(CredentialsCall call) => _calls.Add(call);

    public IReadOnlyList<CredentialsCall> Calls() => _calls.Latest();
}
