using IotOps.Emulator.ControlPlane;
using IotOps.Emulator.Iot;

namespace IotOps.Emulator;

/// <summary>AWS IoT as far as the emulator has it: device certificates, role aliases and the credentials endpoint. Thread-safe.</summary>
public sealed class EmulatedIot
{
    private readonly CertificateAuthority _authority;
    private readonly IotRegistry _registry;
    private readonly FleetStore _fleet;

    internal EmulatedIot(CertificateAuthority authority, IotRegistry registry, FleetStore fleet, Uri credentialsEndpoint)
    {
        _fleet = fleet;
        _authority = authority;
        _registry = registry;
        CredentialsEndpoint = credentialsEndpoint;
    }

    /// <summary>
    /// The credentials provider, mutual TLS: <c>https://localhost:PORT</c>. As in AWS the client must send the host name
    /// in the handshake, so an address in place of the name is refused with 403.
    /// </summary>
    public Uri CredentialsEndpoint { get; }

    /// <summary>Root certificate of the endpoint and of the devices, PEM. A new one each time an emulator starts.</summary>
    public string CertificateAuthorityPem => _authority.Pem;

    /// <summary>The latest 10,000 requests to the credentials endpoint, oldest first.</summary>
    public IReadOnlyList<CredentialsCall> Requests => _registry.Calls();

    /// <summary>
    /// Makes a certificate, registers it as active and attaches it to a thing, which is made when it is missing. A thing may have several. A
    /// certificate is attached to more things, and given policies, by the control plane's own calls.
    /// </summary>
    /// <param name="thingName">1 to 128 of A-Z a-z 0-9 : _ -</param>
    /// <exception cref="ArgumentException">It is none.</exception>
    public DeviceCertificate IssueDeviceCertificate(string thingName)
    {
        ArgumentException.ThrowIfNullOrEmpty(thingName);
        if (!IotName.IsValid(thingName))
        {
            throw new ArgumentException($"'{thingName}' is not the name of a thing: {IotName.Rule}.", nameof(thingName));
        }

        DeviceCertificate certificate = _authority.IssueDevice(thingName);
        _registry.TryAdd(certificate.CertificateId, certificate.CertificatePem, StoredCertificate.Active);
        _fleet.TryAdd(IndexedThing.Create(thingName, new Dictionary<string, string>(StringComparer.Ordinal)));
        _registry.Attach(thingName, certificate.CertificateId);
        return certificate;
    }

    /// <summary>
    /// Revokes a certificate, as UpdateCertificate does: 403 from now on. Its MQTT connections end after
    /// <see cref="EmulatedMqttOptions.DeactivationDelay"/>.
    /// </summary>
    public void Revoke(DeviceCertificate certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        _registry.SetStatus(certificate.CertificateId, StoredCertificate.Revoked);
    }

    /// <summary>Adds a role alias, or replaces the one of that name. One that nobody added is refused with 404.</summary>
    public void SetRoleAlias(RoleAlias alias)
    {
        ArgumentNullException.ThrowIfNull(alias);
        _registry.Set(alias);
    }
}
