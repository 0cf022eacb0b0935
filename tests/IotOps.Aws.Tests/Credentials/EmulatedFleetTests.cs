using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using IotOps.Emulator;
using IotOps.TestKit;

namespace IotOps.Aws.Tests.Credentials;

/// <summary>The provider against an endpoint that is not ours to shape: the emulator's, mutual TLS and refusals included.</summary>
public sealed class EmulatedFleetTests : IAsyncLifetime
{
    private readonly TempDirectory _directory = new();
    private AwsEmulator _emulator = null!;
    private DeviceCertificate _device = null!;

    public async ValueTask InitializeAsync()
    {
        _emulator = await AwsEmulator.StartAsync();
        _emulator.Iot.SetRoleAlias(new RoleAlias { Name = "Devices" });
        _emulator.S3.CreateBucket("fleet");
        _device = _emulator.Iot.IssueDeviceCertificate("THING1");
        await File.WriteAllTextAsync(_directory["cert.pem"], _device.CertificatePem);
        await File.WriteAllTextAsync(_directory["key.pem"], _device.PrivateKeyPem);
        await File.WriteAllTextAsync(_directory["ca.pem"], _emulator.Iot.CertificateAuthorityPem);
    }

    public async ValueTask DisposeAsync()
    {
        await _emulator.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task An_AWSSDK_client_works_with_a_device_certificate()
    {
        using IotCredentialsProvider credentials = Provider();
        using var s3 = new AmazonS3Client(credentials, new AmazonS3Config
        {
            ServiceURL = _emulator.Endpoint.AbsoluteUri,
            ForcePathStyle = true,
            AuthenticationRegion = "us-east-1",
        });

        await s3.PutObjectAsync(new PutObjectRequest { BucketName = "fleet", Key = "k", ContentBody = "from a device" });
        GetObjectResponse stored = await s3.GetObjectAsync("fleet", "k");

        using var reader = new StreamReader(stored.ResponseStream);
        (await reader.ReadToEndAsync()).ShouldBe("from a device");
        CredentialsCall call = _emulator.Iot.Requests.ShouldHaveSingleItem();
        (call.CertificateThing, call.ThingName, call.ServerName).ShouldBe(("THING1", "THING1", "localhost"));
    }

    [Fact]
    public async Task An_AwsClient_goes_on_when_its_keys_expire()
    {
        _emulator.Iot.SetRoleAlias(new RoleAlias { Name = "Devices", CredentialDuration = TimeSpan.FromHours(1) });
        using IotCredentialsProvider credentials = Provider();
        using var logs = new AwsClient(new AwsClientOptions
        {
            Service = AwsService.CloudWatchLogs,
            Region = "us-east-1",
            Credentials = credentials,
            Endpoint = _emulator.Endpoint,
        });
        _emulator.Faults.Add(new Fault { Operation = "CreateLogGroup", Status = 400, Code = "ExpiredTokenException", Times = 1 });

        await logs.SendAsync(AwsRequest.Json11("Logs_20140328.CreateLogGroup", """{"logGroupName":"g"}"""u8.ToArray()));

        _emulator.Iot.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_revoked_certificate_is_refused_with_advice()
    {
        _emulator.Iot.Revoke(_device);
        using IotCredentialsProvider credentials = Provider();

        AwsException refusal = await Should.ThrowAsync<AwsException>(credentials.GetCredentialsAsync);

        refusal.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        refusal.Message.ShouldContain("credentials for role alias Devices");
    }

    [Fact]
    public async Task An_unknown_role_alias_is_refused_with_advice()
    {
        using IotCredentialsProvider credentials = Provider("Unknown");

        AwsException refusal = await Should.ThrowAsync<AwsException>(credentials.GetCredentialsAsync);

        refusal.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        refusal.Message.ShouldContain("Create the role alias Unknown");
    }

    private IotCredentialsProvider Provider(string roleAlias = "Devices") => new(new IotCredentialsProviderOptions
    {
        Endpoint = _emulator.Iot.CredentialsEndpoint,
        RoleAlias = roleAlias,
        ThingName = "THING1",
        CertificateFile = _directory["cert.pem"],
        PrivateKeyFile = _directory["key.pem"],
        CaFile = _directory["ca.pem"],
    });
}
