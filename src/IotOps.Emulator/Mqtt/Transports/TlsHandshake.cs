using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using IotOps.Emulator.Iot;

namespace IotOps.Emulator.Mqtt.Transports;

/// <summary>Mutual TLS as AWS IoT Core wants it: a certificate that is active, and a server name.</summary>
internal sealed class TlsHandshake(CertificateAuthority authority, IotRegistry registry, bool requireServerName)
{
    private static readonly List<SslApplicationProtocol> Protocols = [new("x-amzn-mqtt-ca"), new("mqtt")];

    /// <summary>Does the handshake.</summary>
    /// <returns>Null when the client named no host, and has to.</returns>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The client's certificate is not active, or it does not trust ours.</exception>
    public async Task<SocketTransport?> AcceptAsync(Socket socket, CancellationToken cancellationToken)
    {
        string? certificateId = null;
        string? serverName = null;
        TransportInfo info = TransportInfo.Of("tls", socket);
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateSelectionCallback = (_, name) =>
            {
                serverName = string.IsNullOrEmpty(name) ? null : name;
                return authority.Server;
            },
            ClientCertificateRequired = true,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                certificate is not null && registry.IsActive(certificateId = CertificateAuthority.Id(certificate.GetRawCertData())),
            ApplicationProtocols = Protocols,
        };
        await tls.AuthenticateAsServerAsync(options, cancellationToken).ConfigureAwait(false);
        if (serverName is null && requireServerName)
        {
            return null;
        }

        string protocol = tls.NegotiatedApplicationProtocol.ToString();
        return new SocketTransport(socket, tls, info with
        {
            ThingName = registry.ThingOf(certificateId!),
            CertificateId = certificateId,
            ServerName = serverName,
            ApplicationProtocol = protocol.Length == 0 ? null : protocol,
        });
    }
}
