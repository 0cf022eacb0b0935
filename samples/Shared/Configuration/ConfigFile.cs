using System.Text;
using IotOps.Samples.Json5;

namespace IotOps.Samples.Configuration;

/// <summary>A JSON5 file, read into a typed configuration with all its problems told at once.</summary>
public static class ConfigFile
{
    /// <summary>Reads a file. Keys that <paramref name="read"/> never asks for are problems.</summary>
    /// <param name="path">The file; relative paths count from the working directory.</param>
    /// <param name="read">Makes the configuration of the document's object. What it returns is dropped when there were problems.</param>
    /// <exception cref="ConfigException">The file cannot be read, is not JSON5, or has problems.</exception>
    public static T Read<T>(string path, Func<ConfigReader, T> read)
    {
        return Parse(path, ReadText(path), read);
    }

    /// <summary>Reads a file as it is, for what has keys of its own.</summary>
    /// <exception cref="ConfigException">The file cannot be read, or is not JSON5.</exception>
    internal static Json5Value ReadDocument(string path)
    {
        string text = ReadText(path);
        try
        {
            return Json5Parser.Parse(text);
        }
        catch (Json5Exception e)
        {
            throw NotJson5(path, e);
        }
    }

    /// <summary>Reads a text as <see cref="Read"/> reads a file.</summary>
    public static T Parse<T>(string file, string text, Func<ConfigReader, T> read)
    {
        ArgumentNullException.ThrowIfNull(read);

        List<ConfigProblem> problems = [];
        try
        {
            var reader = new ConfigReader(Json5Parser.Parse(text), path: "", problems);
            T config = read(reader);
            reader.ReportUnknownKeys();
            return problems.Count == 0 ? config : throw new ConfigException(file, problems);
        }
        catch (Json5Exception e)
        {
            throw NotJson5(file, e);
        }
    }

    private static string ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ConfigException($"{path}: {e.Message}", e);
        }
    }

    private static ConfigException NotJson5(string file, Json5Exception e) => new(file, [new ConfigProblem(e.Line, $"{e.Problem} (column {e.Column})")]);
}
