using IotOps.Emulator;

namespace IotOps.Samples.EmulatorHost;

/// <summary>Device certificates as the files that MQTT clients take.</summary>
internal static class CertificateFiles
{
    /// <summary>
    /// Writes ca.pem, and THING.cert.pem and THING.key.pem for each thing, over those of an earlier run: the emulator has a new root each
    /// time it starts.
    /// </summary>
    /// <returns>The folder.</returns>
    public static string Write(AwsEmulator emulator, string dataDirectory, IEnumerable<string> things)
    {
        string folder = Directory.CreateDirectory(Path.Combine(Path.GetFullPath(dataDirectory), "certificates")).FullName;
        File.WriteAllText(Path.Combine(folder, "ca.pem"), emulator.Iot.CertificateAuthorityPem);
        foreach (string thing in things)
        {
            DeviceCertificate device = emulator.Iot.IssueDeviceCertificate(thing);
            File.WriteAllText(Path.Combine(folder, $"{thing}.cert.pem"), device.CertificatePem);
            WritePrivate(Path.Combine(folder, $"{thing}.key.pem"), device.PrivateKeyPem);
        }

        return folder;
    }

    private static void WritePrivate(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var writer = new StreamWriter(path, options);
        writer.Write(text);
    }
}
