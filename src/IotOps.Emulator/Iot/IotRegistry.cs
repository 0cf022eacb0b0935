using System.Collections.Concurrent;

namespace IotOps.Emulator.Iot;

/// <summary>The certificates, role aliases and calls of AWS IoT. Thread-safe.</summary>
internal sealed class IotRegistry
{
    private const int KeptCalls = 10_000;

    private readonly ConcurrentDictionary<string, string> _things = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, RoleAlias> _aliases = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<CredentialsCall> _calls = new();

    public void Add(DeviceCertificate certificate) => _things[certificate.CertificateId] = certificate.ThingName;

    public void Remove(string certificateId) => _things.TryRemove(certificateId, out _);

    public string? ThingOf(string certificateId) => _things.GetValueOrDefault(certificateId);

    public void Set(RoleAlias alias) => _aliases[alias.Name] = alias;

    public RoleAlias? FindAlias(string name) => _aliases.GetValueOrDefault(name);

    public void Add(CredentialsCall call)
    {
        _calls.Enqueue(call);
        if (_calls.Count > KeptCalls)
        {
            _calls.TryDequeue(out _);
        }
    }

    public IReadOnlyList<CredentialsCall> Calls() => [.. _calls];
}
