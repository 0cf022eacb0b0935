namespace IotOps.Archive.Jobs;

/// <summary>The name of a request's job.</summary>
internal static class ExportJobName
{
    private const int MostCharacters = 128;

    /// <exception cref="ArgumentException">The request has no id, or one that cannot name a job.</exception>
    public static string Of(LogExportRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Id is { Length: > 0 and <= MostCharacters } id && char.IsAsciiLetterOrDigit(id[0]) && id.All(IsAllowed)
            ? id
            : throw new ArgumentException(
                $"'{request.Id}' cannot name a job: Id has 1 to {MostCharacters} of a-z, A-Z, 0-9, '_' and '-', a letter or digit first.", nameof(request));
    }

    private static bool IsAllowed(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';
}
