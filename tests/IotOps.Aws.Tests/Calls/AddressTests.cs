using System.Net;
using System.Net.Sockets;
using IotOps.Aws.Calls;
using IotOps.Shared;
using IotOps.TestKit;

namespace IotOps.Aws.Tests.Calls;

/// <summary>An endpoint with several addresses, of which the first is silent.</summary>
public sealed class AddressTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    [Fact]
    public async Task A_silent_first_address_hides_no_other()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux drops what comes to a full queue");
        using BlackHole hole = await BlackHole.OpenAsync();
        var second = IPAddress.Parse("127.0.0.2");
        using Socket listener = hole.Beside(second);
        var race = new AddressRace(TimeProvider.System, (_, _) => Task.FromResult<IPAddress[]>([BlackHole.Address, second]));
        using var http = new HttpClient(AwsTransport.Create(caFile: null, proxy: null, race));
        Task<HttpResponseMessage> calling = http.GetAsync(new Uri($"http://endpoint.test:{hole.Port}/"));
        using Socket near = await listener.AcceptAsync().WaitAsync(Patience, TimeProvider.System);
        await near.SendAsync("HTTP/1.1 204 No Content\r\n\r\n"u8.ToArray());

        (await calling.WaitAsync(Patience, TimeProvider.System)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public void Every_transport_of_the_package_gives_each_address_its_share()
    {
        AwsTransport.Create(caFile: null, proxy: null).ConnectCallback.ShouldNotBeNull();
        using var certificate = CertificateWithKey();
        var tls = new Aws.Credentials.DeviceTls(new IotCredentialsProviderOptions
        {
            Endpoint = new Uri("https://c1.credentials.iot.eu-west-1.amazonaws.com"),
            RoleAlias = "alias",
            Certificate = certificate,
        });

        ((SocketsHttpHandler)tls.Connect()).ConnectCallback.ShouldNotBeNull();
    }

    private static System.Security.Cryptography.X509Certificates.X509Certificate2 CertificateWithKey()
    {
        using var key = System.Security.Cryptography.ECDsa.Create();
        return new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=device", key, System.Security.Cryptography.HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
    }
}
