using System.Security.Cryptography;

namespace IotOps.Samples.FleetConsole.SignIn;

/// <summary>A token as it is kept: who it is for, and a hash that does not lead back to it.</summary>
/// <param name="Id">The part of the token that finds this record.</param>
/// <param name="Name">Who it is for, as the audit log names them.</param>
/// <param name="Role">What they may do.</param>
/// <param name="Salt">The hash's salt.</param>
/// <param name="Hash">PBKDF2 with HMAC-SHA-256 of the token's secret.</param>
/// <param name="Iterations">Its rounds.</param>
/// <param name="Expires">When it ends; null for never.</param>
internal sealed record TokenRecord(string Id, string Name, string Role, byte[] Salt, byte[] Hash, int Iterations, DateTimeOffset? Expires)
{
    /// <summary>
    /// OWASP's number for passwords. The secret has 256 random bits, so that the hash would hold with one round too; a token that somebody made
    /// shorter by hand is protected as a password is.
    /// </summary>
    public const int DefaultIterations = 600_000;

    private const string Prefix = "fc";

    // Work for a token of an unknown id takes as long as for a known one.
    private static readonly byte[] NobodysSalt = new byte[16];

    /// <summary>Makes a token. It is returned once and kept nowhere.</summary>
    public static (string Token, TokenRecord Record) Make(string name, string role, DateTimeOffset? expires, int iterations = DefaultIterations)
    {
        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        string secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        byte[] salt = RandomNumberGenerator.GetBytes(16);
        return ($"{Prefix}_{id}_{secret}", new TokenRecord(id, name, role, salt, Derive(secret, salt, iterations), iterations, expires));
    }

    /// <summary>The record that a token belongs to; null when it is unknown, wrong or over.</summary>
    public static TokenRecord? Find(IReadOnlyList<TokenRecord> records, string? token, DateTimeOffset now)
    {
        string[] parts = (token ?? "").Trim().Split('_');
        if (parts is not [Prefix, { Length: > 0 and <= 64 } id, { Length: > 0 and <= 256 } secret])
        {
            return null;
        }

        TokenRecord? record = records.FirstOrDefault(one => one.Id == id);
        byte[] hash = Derive(secret, record?.Salt ?? NobodysSalt, record?.Iterations ?? DefaultIterations);
        return record is not null && CryptographicOperations.FixedTimeEquals(hash, record.Hash) && record.IsValid(now) ? record : null;
    }

    public bool IsValid(DateTimeOffset now) => Expires is not { } end || now < end;

    private static byte[] Derive(string secret, byte[] salt, int iterations) => Rfc2898DeriveBytes.Pbkdf2(secret, salt, iterations, HashAlgorithmName.SHA256, 32);
}
