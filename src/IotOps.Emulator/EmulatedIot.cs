using IotOps.Emulator.Iot;

namespace IotOps.Emulator;

/// <summary>AWS IoT as far as the emulator has it: device certificates, role aliases and the credentials endpoint. Thread-safe.</summary>
public sealed class EmulatedIot
{
    private readonly CertificateAuthority _authority;
    private readonly IotRegistry _registry;

    internal EmulatedIot(CertificateAuthority authority, IotRegistry registry, Uri credentialsEndpoint)
    {
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

    /// <summary>Makes a certificate, registers it as active and attaches it to a thing. A thing may have several.</summary>
    /// <param name="thingName">1 to 128 of A-Z a-z 0-9 : _ -</param>
    public DeviceCertificate IssueDeviceCertificate(string thingName)
    {
        ArgumentException.ThrowIfNullOrEmpty(thingName);
        DeviceCertificate certificate = _authority.IssueDevice(thingName);
        _registry.Add(certificate);
        return certificate;
    }

    /// <summary>Forgets a certificate, as when it is revoked: 403 from now on.</summary>
    public void Revoke(DeviceCertificate certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        _registry.Remove(certificate.CertificateId);
    }

    /// <summary>Adds a role alias, or replaces the one of that name. One that nobody added is refused with 404.</summary>
    public void SetRoleAlias(RoleAlias alias)
    {
        ArgumentNullException.ThrowIfNull(alias);
        _registry.Set(alias);
    }
}
