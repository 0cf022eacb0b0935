using System.IO.Abstractions;
using System.Security.Cryptography;
using System.Text;
using IotOps.Logs.Files;

namespace IotOps.Logs.Checkpoints;

/// <summary>Whose state a directory holds, so that a copy of another device's is noticed.</summary>
/// <param name="Thing">The thing's name, if one was set.</param>
/// <param name="Machine">A hash of the machine's id: the id itself stays on the machine.</param>
internal sealed record StateOwner(string? Thing, string Machine)
{
    /// <summary>https://www.freedesktop.org/software/systemd/man/latest/machine-id.html</summary>
    private const string MachineIdFile = "/etc/machine-id";

    /// <summary>This machine. One without an id is known by its name.</summary>
    public static StateOwner Of(string? thing, IFileSystem fileSystem)
    {
        string machine = Environment.MachineName;
        try
        {
            if (fileSystem.File.Exists(MachineIdFile))
            {
                machine = fileSystem.File.ReadAllText(MachineIdFile).Trim();
            }
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            // An id that cannot be read is none.
        }

        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes("IotOps.Logs " + machine));
        return new StateOwner(thing, Convert.ToHexString(hash.AsSpan(0, 8)));
    }
}
