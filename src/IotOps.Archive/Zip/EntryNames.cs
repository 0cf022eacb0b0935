namespace IotOps.Archive.Zip;

/// <summary>The names in a zip: no two of them are one file on any file system, and none is both a file and a directory.</summary>
internal sealed class EntryNames
{
    private readonly HashSet<string> _files = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _directories = new(StringComparer.OrdinalIgnoreCase);

    // Where counting goes on for a name that was given before, so that many equal names stay linear.
    private readonly Dictionary<string, int> _next = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Takes a safe name, or the first free one that is made of it.</summary>
    public string Take(string safe)
    {
        string name = WithFreeDirectories(safe);
        if (TryTake(name))
        {
            return name;
        }

        int number = _next.GetValueOrDefault(name, 2);
        string numbered = Numbered(name, number);
        while (!TryTake(numbered))
        {
            numbered = Numbered(name, ++number);
        }

        _next[name] = number + 1;
        return numbered;
    }

    /// <summary>Takes exactly this name; false when it is taken.</summary>
    public bool TryTake(string name)
    {
        if (_directories.Contains(name) || DirectoriesOf(name).Any(_files.Contains) || !_files.Add(name))
        {
            return false;
        }

        foreach (string directory in DirectoriesOf(name))
        {
            _directories.Add(directory);
        }

        return true;
    }

    private static string Numbered(string name, int number)
    {
        int part = name.LastIndexOf('/') + 1;
        int dot = name.LastIndexOf('.');
        return dot > part ? $"{name[..dot]} ({number}){name[dot..]}" : $"{name} ({number})";
    }

    private static IEnumerable<string> DirectoriesOf(string name)
    {
        for (int slash = name.IndexOf('/'); slash >= 0; slash = name.IndexOf('/', slash + 1))
        {
            yield return name[..slash];
        }
    }

    // A directory that has the name of a file is numbered as a file would be.
    private string WithFreeDirectories(string name)
    {
        for (int slash = name.IndexOf('/'); slash >= 0; slash = name.IndexOf('/', slash + 1))
        {
            string directory = name[..slash];
            if (_files.Contains(directory))
            {
                int number = 2;
                while (_files.Contains(Numbered(directory, number)))
                {
                    number++;
                }

                string free = Numbered(directory, number);
                name = free + name[slash..];
                slash = free.Length;
            }
        }

        return name;
    }
}
