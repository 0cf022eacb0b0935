using System.Security.Cryptography.X509Certificates;
using Amazon.Runtime;
using IotOps.TestKit;

namespace IotOps.Aws.Tests.Credentials;

public sealed class MutualTlsTests : IAsyncLifetime
{
    private readonly TestAuthority _authority = new();
    private readonly TempDirectory _directory = new();
    private CredentialsServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await CredentialsServer.StartAsync(_authority);
        await File.WriteAllTextAsync(_directory["ca.pem"], _authority.Root.ExportCertificatePem());
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _directory.Dispose();
        _authority.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_device_shows_its_certificate_and_names_the_host(bool rsa)
    {
        _authority.WriteDevice("THING1", _directory["cert.pem"], _directory["key.pem"], rsa);
        using var provider = new IotCredentialsProvider(Options());

        ImmutableCredentials keys = await provider.GetCredentialsAsync();

        keys.AccessKey.ShouldBe("AKIDTLS");
        _server.Devices.ShouldBe(["CN=THING1"]);
        _server.ServerNames.ShouldBe(["localhost"]);
    }

    [Fact]
    public async Task A_certificate_from_memory_serves_as_well()
    {
        _authority.WriteDevice("THING1", _directory["cert.pem"], _directory["key.pem"]);
        using var certificate = X509Certificate2.CreateFromPemFile(_directory["cert.pem"], _directory["key.pem"]);
        using var provider = new IotCredentialsProvider(Options() with { CertificateFile = null, PrivateKeyFile = null, Certificate = certificate });

        await provider.GetCredentialsAsync();
        provider.ClearCredentials();
        await provider.GetCredentialsAsync();

        _server.Devices.ShouldBe(["CN=THING1", "CN=THING1"]);
    }

    [Fact]
    public async Task A_rotated_certificate_is_shown_at_the_next_refresh()
    {
        _authority.WriteDevice("OLD", _directory["cert.pem"], _directory["key.pem"]);
        using var provider = new IotCredentialsProvider(Options());
        await provider.GetCredentialsAsync();

        _authority.WriteDevice("NEW", _directory["cert.pem"], _directory["key.pem"], rsa: true);
        provider.ClearCredentials();
        await provider.GetCredentialsAsync();

        _server.Devices.ShouldBe(["CN=OLD", "CN=NEW"]);
    }

    [Fact]
    public async Task The_roots_of_AWS_CA_BUNDLE_are_trusted_where_no_CA_file_is_given()
    {
        _authority.WriteDevice("THING1", _directory["cert.pem"], _directory["key.pem"]);
        using var provider = new IotCredentialsProvider(
            Options() with { CaFile = null }, name => name == "AWS_CA_BUNDLE" ? _directory["ca.pem"] : null);

        (await provider.GetCredentialsAsync()).AccessKey.ShouldBe("AKIDTLS");
    }

    [Fact]
    public async Task The_roots_of_AWS_CA_BUNDLE_are_trusted_by_the_packages_own_transport()
    {
        using var http = new HttpClient(AwsHttpHandler.Create(_directory["ca.pem"]));
        using var other = new TestAuthority();
        await File.WriteAllTextAsync(_directory["other.pem"], other.Root.ExportCertificatePem());
        using var stranger = new HttpClient(AwsHttpHandler.Create(_directory["other.pem"]));

        // The server wants a client's certificate; that it came to this, and not to a refusal of the server's, is the trust.
        HttpRequestException trusted = await Should.ThrowAsync<HttpRequestException>(() => http.GetAsync(_server.Endpoint));
        HttpRequestException refused = await Should.ThrowAsync<HttpRequestException>(() => stranger.GetAsync(_server.Endpoint));

        trusted.ToString().ShouldNotContain("errors in the certificate chain");
        refused.ToString().ShouldContain("errors in the certificate chain");
        Should.Throw<ArgumentException>(() => AwsHttpHandler.Create(_directory["none.pem"])).Message.ShouldContain("AWS_CA_BUNDLE");
    }

    [Fact]
    public async Task A_certificate_that_begins_later_is_told_with_this_devices_clock_which_is_1970_before_NTP()
    {
        await using CredentialsServer server = await CredentialsServer.StartAsync(_authority, new DateTimeOffset(2080, 1, 1, 0, 0, 0, TimeSpan.Zero));
        _authority.WriteDevice("THING1", _directory["cert.pem"], _directory["key.pem"]);
        using var provider = new IotCredentialsProvider(Options() with { Endpoint = server.Endpoint });
        using var client = new AwsClient(new AwsClientOptions
        {
            Service = AwsService.CloudWatchLogs,
            Region = "us-east-1",
            Credentials = new BasicAWSCredentials("id", "secret"),
            Endpoint = server.Endpoint,
            CaFile = _directory["ca.pem"],
            Retry = AwsRetryOptions.None,
        });

        foreach (Func<Task> call in (Func<Task>[])[provider.GetCredentialsAsync, () => client.SendAsync(AwsRequest.Json11("Logs_20140328.CreateLogGroup", "{}"u8.ToArray()))])
        {
            AwsException failure = await Should.ThrowAsync<AwsException>(call);

            failure.Message.ShouldContain("The certificate of CN=localhost is not valid yet: it begins at 2080-01-01, and this device's clock says 20");
            failure.Message.ShouldNotContain("Check the network");
            failure.IsTransient.ShouldBeTrue();
        }
    }

    [Fact]
    public void A_key_that_others_may_read_is_warned_of_once_with_what_to_do()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("modes are Unix's");
            return;
        }

        _authority.WriteDevice("THING1", _directory["cert.pem"], _directory["key.pem"]);
        File.SetUnixFileMode(_directory["key.pem"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        var logger = new TestLogger();
        var tls = new Aws.Credentials.DeviceTls(Options() with { LoggerFactory = logger });

        tls.Connect().Dispose();
        tls.Connect().Dispose();

        logger.Entries.Where(entry => entry.Id == 107).ShouldHaveSingleItem().Message
            .ShouldBe($"The private key {_directory["key.pem"]} is open to others than its owner (mode 0644): chmod 600 '{_directory["key.pem"]}'");
    }

    [Fact]
    public async Task A_server_that_the_CA_file_does_not_vouch_for_gets_no_request()
    {
        using var stranger = new TestAuthority();
        await File.WriteAllTextAsync(_directory["ca.pem"], stranger.Root.ExportCertificatePem());
        _authority.WriteDevice("THING1", _directory["cert.pem"], _directory["key.pem"]);
        using var provider = new IotCredentialsProvider(Options());

        AwsException refusal = await Should.ThrowAsync<AwsException>(provider.GetCredentialsAsync);

        refusal.Code.ShouldBe("NetworkError");
        refusal.IsTransient.ShouldBeTrue();
        _server.Devices.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_key_that_is_not_the_certificates_is_named()
    {
        _authority.WriteDevice("A", _directory["cert.pem"], _directory["other.pem"]);
        _authority.WriteDevice("B", _directory["other-cert.pem"], _directory["key.pem"]);
        using var provider = new IotCredentialsProvider(Options());

        AwsException refusal = await Should.ThrowAsync<AwsException>(provider.GetCredentialsAsync);

        refusal.Code.ShouldBe("CertificateUnusable");
        refusal.Message.ShouldContain("key.pem is not the private key");
        refusal.IsTransient.ShouldBeFalse();
    }

    private IotCredentialsProviderOptions Options() => new()
    {
        Endpoint = _server.Endpoint,
        RoleAlias = "DeviceRole",
        CertificateFile = _directory["cert.pem"],
        PrivateKeyFile = _directory["key.pem"],
        CaFile = _directory["ca.pem"],
    };
}
