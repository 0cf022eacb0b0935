using System.Security.Cryptography;
using System.Text;

namespace IotOps.Emulator.Sts;

/// <summary>The name of a role.</summary>
internal sealed record RoleArn(string Partition, string Account, string Name)
{
    /// <summary>A stable id for it, as AWS gives each role one.</summary>
    public string Id => "AROA" + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Account + Name)))[..17];

    /// <summary>The role, or null: <c>arn:aws:iam::123456789012:role/path/Name</c>.</summary>
    public static RoleArn? Parse(string arn)
    {
        string[] parts = arn.Split(':');
        return arn.Length is >= 20 and <= 2_048
            && parts is ["arn", ['a', 'w', 's', ..] partition, "iam", "", { Length: 12 } account, ['r', 'o', 'l', 'e', '/', .., not '/'] resource]
            && account.All(char.IsAsciiDigit)
            ? new RoleArn(partition, account, resource[(resource.LastIndexOf('/') + 1)..])
            : null;
    }

    /// <summary>Who acts under it.</summary>
    public string SessionArn(string session) => $"arn:{Partition}:sts::{Account}:assumed-role/{Name}/{session}";
}
