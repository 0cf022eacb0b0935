using System.Collections.Concurrent;
using IotOps.Emulator.Concurrency;

namespace IotOps.Emulator.Iot;

/// <summary>The certificates, role aliases and calls of AWS IoT. Thread-safe.</summary>
internal sealed class IotRegistry
{
    private readonly ConcurrentDictionary<string, string> _things = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, RoleAlias> _aliases = new(StringComparer.Ordinal);
    private readonly RecentItems<CredentialsCall> _calls = new(_ => 0);

    public void Add(DeviceCertificate certificate) => _things[certificate.CertificateId] = certificate.ThingName;

    public void Remove(string certificateId) => _things.TryRemove(certificateId, out _);

    public string? ThingOf(string certificateId) => _things.GetValueOrDefault(certificateId);

    public void Set(RoleAlias alias) => _aliases[alias.Name] = alias;

    public RoleAlias? FindAlias(string name) => _aliases.GetValueOrDefault(name);

    public void Add(CredentialsCall call) => _calls.Add(call);

    public IReadOnlyList<CredentialsCall> Calls() => _calls.Latest();
}
