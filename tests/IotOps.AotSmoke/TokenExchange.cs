using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using IotOps.Emulator;

namespace IotOps.AotSmoke;

/// <summary>
/// Greengrass' token exchange service: trades the core's certificate for keys, and hands them to whoever knows the token, in the shape
/// that containers get theirs.
/// </summary>
internal sealed class TokenExchange : IAsyncDisposable
{
    private const string Role = "GreengrassV2TokenExchangeRoleAlias";

    private readonly HttpListener _listener = new();
    private readonly HttpClient _credentials;
    private readonly Task _serving;
    private int _served;

    public TokenExchange(AwsEmulator emulator, string thingName)
    {
        emulator.Iot.SetRoleAlias(new RoleAlias { Name = Role });
        DeviceCertificate device = emulator.Iot.IssueDeviceCertificate(thingName);
        var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificates = [X509Certificate2.CreateFromPem(device.CertificatePem, device.PrivateKeyPem)],
                CertificateChainPolicy = new X509ChainPolicy
                {
                    RevocationMode = X509RevocationMode.NoCheck,
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    CustomTrustStore = { X509Certificate2.CreateFromPem(emulator.Iot.CertificateAuthorityPem) },
                },
            },
        };
        _credentials = new HttpClient(handler) { BaseAddress = emulator.Iot.CredentialsEndpoint };
        _credentials.DefaultRequestHeaders.Add("x-amzn-iot-thingname", thingName);
        Address = $"http://localhost:{FreePort()}/2016-11-01/credentialprovider/";
        _listener.Prefixes.Add(Address);
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>What AWS_CONTAINER_CREDENTIALS_FULL_URI says.</summary>
    public string Address { get; }

    /// <summary>What AWS_CONTAINER_AUTHORIZATION_TOKEN says.</summary>
    public string AuthorizationToken { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Why keys could not be had from the emulator; null when all went well.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>How often keys were handed out.</summary>
    public int Served => Volatile.Read(ref _served);

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _listener.Close();
        _credentials.Dispose();
    }

    private static int FreePort()
    {
        using var socket = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext call;
            try
            {
                call = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return; // stopped
            }

            if (call.Request.Headers["Authorization"] != AuthorizationToken)
            {
                call.Response.StatusCode = 403;
                call.Response.Close();
                continue;
            }

            try
            {
                call.Response.ContentType = "application/json";
                call.Response.Close(await TradeAsync(), willBlock: false);
                Interlocked.Increment(ref _served);
            }
            catch (HttpRequestException e)
            {
                Failure = e;
                call.Response.StatusCode = 500;
                call.Response.Close();
            }
        }
    }

    private async Task<byte[]> TradeAsync()
    {
        using JsonDocument answer = JsonDocument.Parse(await _credentials.GetStringAsync($"/role-aliases/{Role}/credentials"));
        JsonElement keys = answer.RootElement.GetProperty("credentials");
        string Text(string name) => keys.GetProperty(name).GetString()!;
        return Encoding.UTF8.GetBytes(
            $$"""{"AccessKeyId":"{{Text("accessKeyId")}}","SecretAccessKey":"{{Text("secretAccessKey")}}","Token":"{{Text("sessionToken")}}","Expiration":"{{Text("expiration")}}"}""");
    }
}
