using System.Diagnostics.CodeAnalysis;
using IotOps.Emulator.Http;
using IotOps.Emulator.Rest;

namespace IotOps.Emulator.ControlPlane;

/// <summary>The names of things, of thing groups and of policies.</summary>
internal static class IotName
{
    public const string Rule = "1 to 128 of A-Z a-z 0-9 : _ -";

    public static bool IsValid([NotNullWhen(true)] string? name) =>
        name is { Length: > 0 and <= 128 } && name.All(c => char.IsAsciiLetterOrDigit(c) || c is ':' or '_' or '-');

    /// <exception cref="Refusal">400: it is none.</exception>
    public static string Checked(string? name) => IsValid(name) ? name : throw RestCall.Invalid($"'{name}' is not a name: {Rule}.");

    /// <exception cref="Refusal">400: it is none.</exception>
    public static string CheckedPolicy(string name) =>
        name is { Length: > 0 and <= 128 } && name.All(c => char.IsAsciiLetterOrDigit(c) || "_+=,.@-".Contains(c, StringComparison.Ordinal))
            ? name
            : throw RestCall.Invalid($"'{name}' is not the name of a policy: 1 to 128 of A-Z a-z 0-9 _ + = , . @ -.");
}
