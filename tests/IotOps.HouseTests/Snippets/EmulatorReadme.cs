using IotOps.Emulator;

namespace IotOps.HouseTests.Snippets;

/// <summary>The code of src/IotOps.Emulator/README.md, beside the test in ReportUploadTests.cs.</summary>
internal static class EmulatorReadme
{
    public static DeviceCertificate Device(AwsEmulator aws)
    {
        aws.Iot.SetRoleAlias(new RoleAlias { Name = "agent", CredentialDuration = TimeSpan.FromMinutes(15) });
        DeviceCertificate device = aws.Iot.IssueDeviceCertificate("THING00001");
        // aws.Iot.CredentialsEndpoint, aws.Iot.CertificateAuthorityPem, device.CertificatePem, device.PrivateKeyPem
        return device;
    }
}
