using System;
using System.IO;
using System.Text;

namespace KoreConnections.Client;

/// <summary>Writes a file whole or not at all.</summary>
internal static class AtomicFile
{
    /// <summary>Writes a text as UTF-8.</summary>
    /// <param name="path">The file.</param>
    /// <param name="text">Its content.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <exception cref="IOException">It could not be written, or exists; what was there is as it was.</exception>
    public static void Write(string path, string text, bool overwrite)
    {
        string next = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(next, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                byte[] bytes = Encoding.UTF8.GetBytes(text);
                stream.Write(bytes, 0, bytes.Length);
                stream.Flush(flushToDisk: true);
            }

            if (overwrite && File.Exists(path))
            {
                File.Replace(next, path, null);
            }
            else
            {
                // Refuses where someone made the file in the meantime.
                File.Move(next, path);
            }
        }
        finally
        {
            File.Delete(next);
        }
    }
}
