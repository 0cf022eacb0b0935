using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace IotOps.Aws.Tests.Credentials;

/// <summary>A credentials endpoint with mutual TLS on a loopback port.</summary>
internal sealed class CredentialsServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private CredentialsServer(WebApplication app) => _app = app;

    /// <summary>Common names of the certificates that clients showed.</summary>
    public ConcurrentQueue<string> Devices { get; } = new();

    /// <summary>Host names that clients asked for in their TLS hello.</summary>
    public ConcurrentQueue<string?> ServerNames { get; } = new();

    public Uri Endpoint { get; private set; } = null!;

    public static async Task<CredentialsServer> StartAsync(TestAuthority authority, DateTimeOffset? validFrom = null)
    {
        CredentialsServer? server = null;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(https =>
        {
            https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            https.ClientCertificateValidation = (certificate, _, _) => string.Equals(certificate.Issuer, authority.Root.Subject, StringComparison.Ordinal);
            X509Certificate2 certificate = authority.Server("localhost", validFrom);
            https.ServerCertificateSelector = (_, name) =>
            {
                server!.ServerNames.Enqueue(name);
                return certificate;
            };
        })));
        WebApplication app = builder.Build();
        server = new CredentialsServer(app);
        app.MapGet("/role-aliases/{alias}/credentials", server.Answer);
        await app.StartAsync();
        server.Endpoint = new Uri($"https://localhost:{new Uri(app.Urls.Single()).Port}");
        return server;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private IResult Answer(HttpContext context)
    {
        Devices.Enqueue(context.Connection.ClientCertificate!.Subject);
        return Results.Text(
            """{"credentials":{"accessKeyId":"AKIDTLS","secretAccessKey":"s","sessionToken":"t","expiration":"2089-01-01T00:00:00Z"}}""",
            "application/json");
    }
}
