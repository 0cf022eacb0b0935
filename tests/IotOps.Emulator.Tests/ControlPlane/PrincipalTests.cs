using IotOps.Emulator.Tests.DataPlane;

namespace IotOps.Emulator.Tests.ControlPlane;

public sealed class PrincipalTests : RegistryTestBase
{
    [Fact]
    public async Task Things_and_certificates_name_each_other_in_pages()
    {
        (_, string arn) = await CertificateAsync();
        foreach (string name in new[] { "c", "a", "b" })
        {
            await OkAsync("POST", $"things/{name}");
            (await AsPrincipalAsync("PUT", $"things/{name}/principals", arn)).Status.ShouldBe(200);
        }

        DataPlaneReply first = await AsPrincipalAsync("GET", "principals/things?maxResults=2", arn);
        DataPlaneReply second = await AsPrincipalAsync("GET", $"principals/things?maxResults=2&nextToken={Uri.EscapeDataString((string)first.Body["nextToken"]!)}", arn);

        Names(first, "things").ShouldBe(["a", "b"]);
        Names(second, "things").ShouldBe(["c"]);
        Names(await CallAsync("GET", "things/a/principals"), "principals").ShouldBe([arn]);

        (await AsPrincipalAsync("DELETE", "things/a/principals", arn)).Status.ShouldBe(200);
        Names(await CallAsync("GET", "things/a/principals"), "principals").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_device_certificate_is_attached_to_its_thing()
    {
        DeviceCertificate device = Emulator.Iot.IssueDeviceCertificate("pump-1");

        Names(await CallAsync("GET", "things/pump-1/principals"), "principals").ShouldBe([$"arn:aws:iot:us-east-1:123456789012:cert/{device.CertificateId}"]);
    }

    [Theory]
    [InlineData("GET", "things/none/principals", "", 404, "ResourceNotFoundException")]
    [InlineData("PUT", "things/none/principals", "ARN", 404, "ResourceNotFoundException")]
    [InlineData("PUT", "things/t/principals", "", 400, "InvalidRequestException")]
    [InlineData("PUT", "things/t/principals", "arn:aws:iot:us-east-1:123456789012:cert/00", 404, "ResourceNotFoundException")]
    [InlineData("GET", "principals/things", "arn:aws:iot:us-east-1:210987654321:cert/00", 400, "InvalidRequestException")]
    [InlineData("GET", "principals/things?maxResults=251", "ARN", 400, "InvalidRequestException")]
    public async Task A_bad_call_is_refused(string method, string path, string principal, int status, string error)
    {
        await OkAsync("POST", "things/t");
        (_, string arn) = await CertificateAsync();

        DataPlaneReply reply = await AsPrincipalAsync(method, path, principal == "ARN" ? arn : principal);

        (reply.Status, reply.Error).ShouldBe((status, error), reply.Message);
    }
}
